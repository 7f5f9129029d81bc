//! Lists indexed by identifiers of their own type, and fast maps whose order never shows.

use std::marker::PhantomData;

/// A hash map that iterates in insertion order, so that no output depends on a hash.
pub type Map<K, V> = indexmap::IndexMap<K, V, foldhash::fast::FixedState>;
/// A hash set that iterates in insertion order.
pub type Set<K> = indexmap::IndexSet<K, foldhash::fast::FixedState>;

/// An identifier that an [`Arena`] gives out.
pub trait Id: Copy {
    /// From a place in the arena.
    fn from_index(index: usize) -> Self;
    /// The place in the arena.
    fn index(self) -> usize;
}

/// Declares identifier types, each a number of 32 bits.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
        )]
        pub struct $name(u32);

        impl $crate::arena::Id for $name {
            fn from_index(index: usize) -> Self {
                $name(u32::try_from(index).unwrap_or(u32::MAX))
            }
            fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}
pub(crate) use ids;

/// A list whose places are identified by `I`.
#[derive(Debug, Clone)]
pub struct Arena<I, T> {
    list: Vec<T>,
    id: PhantomData<fn() -> I>,
}

impl<I, T> Default for Arena<I, T> {
    fn default() -> Self {
        Arena { list: Vec::new(), id: PhantomData }
    }
}

impl<I: Id, T> Arena<I, T> {
    /// Adds an element and names it.
    pub fn push(&mut self, value: T) -> I {
        self.list.push(value);
        I::from_index(self.list.len() - 1)
    }

    /// How many elements there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The elements in order.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.list.iter()
    }

    /// The elements with their identifiers, in order.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = (I, &T)> + ExactSizeIterator {
        self.list.iter().enumerate().map(|(index, value)| (I::from_index(index), value))
    }

    /// The place of the first element of which something holds, where it holds of all that follow; the length if none.
    pub fn first_where(&self, holds: impl Fn(&T) -> bool) -> usize {
        self.list.partition_point(|value| !holds(value))
    }

    /// The identifiers in order.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = I> + ExactSizeIterator + use<I, T> {
        (0..self.list.len()).map(I::from_index)
    }

    /// The element of an identifier that this arena gave out.
    #[expect(clippy::indexing_slicing, reason = "identifiers are made by the arena that they index")]
    pub fn at(&self, id: I) -> &T {
        &self.list[id.index()]
    }

    /// The element of an identifier that this arena gave out, to be changed.
    #[expect(clippy::indexing_slicing, reason = "identifiers are made by the arena that they index")]
    pub fn at_mut(&mut self, id: I) -> &mut T {
        &mut self.list[id.index()]
    }

    /// The element, if the identifier is of this arena.
    pub fn get(&self, id: I) -> Option<&T> {
        self.list.get(id.index())
    }
}

impl<I, T> FromIterator<T> for Arena<I, T> {
    fn from_iter<S: IntoIterator<Item = T>>(values: S) -> Self {
        Arena { list: values.into_iter().collect(), id: PhantomData }
    }
}

impl<'a, I: Id, T> IntoIterator for &'a Arena<I, T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<I, T> IntoIterator for Arena<I, T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;
    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

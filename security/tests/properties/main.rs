//! What holds of ESP and AH whatever the algorithms, the keys and the packet.

mod ah;
mod esp;
mod mobility;
mod packet;
mod suite;

//! Access routers of Local Key Exchange.

mod binding;
mod damage;
mod exchange;
mod flood;
mod said;
mod scene;

//! Access routers of Local Key Exchange.

mod binding;
mod damage;
mod exchange;
mod flood;
mod given;
mod said;
mod scene;

//! Publishing, against a target double that injects faults and against real folders.

mod crawl;
mod crawler;
mod desk;
mod kill;
mod protocol;
mod rollback;
mod verb;
mod verify;

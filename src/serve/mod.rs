//! The preview: the built site as it would be now, at an address of this machine, following every save.
//!
//! One thread looks for changes ([`watch`]) and runs the road as far as the plan ([`preview`]); pages are made when
//! a browser asks for them ([`pages`], [`http`]), the index of the search when a reader searches ([`searched`]).
//! Open pages hear of each change by a stream of events and take over what is new in place (`assets/live.js`).
//! Nothing is written but, for a moment, one empty file in the site's `.gongkai/`, to see whether the file system
//! tells of changes.

mod answer;
mod assets;
mod editor;
mod eyes;
mod guard;
mod http;
mod lan;
mod media;
mod notes;
mod pages;
mod preview;
mod searched;
mod watch;

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::thread::JoinHandle;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::sync::watch as number;

pub use eyes::{Eyes, SystemEyes};
pub use lan::code;
pub use pages::{Pages, script};
pub use preview::{Found, Preview, Shown, Subject};
pub use watch::{Signal, Teller};

use crate::diagnostic::Language;
use crate::prepare::Hint;
use guard::Names;
use http::Door;
use notes::Reader;

/// How many ports are tried when the one that was wanted is another's.
const PORTS: u16 = 50;

/// How a preview is wanted.
pub struct Options {
    /// The port; 0 for any that is free.
    pub port: u16,
    /// Whether other machines of the network may look too.
    pub lan: bool,
    /// Whether open pages follow what is edited.
    pub follow: bool,
    /// The command that opens a source, with `{file}` and `{line}`.
    pub editor: Option<String>,
    /// The language of the user.
    pub language: Language,
}

/// A preview that runs until the program ends.
pub struct Running {
    /// Where it is reached.
    pub address: SocketAddr,
    /// Where other machines reach it.
    pub lan: Option<SocketAddr>,
    /// The state that it shows.
    pub preview: Arc<Preview>,
    /// Whoever lets go of the eyes closes them.
    _eyes: JoinHandle<Box<dyn Eyes>>,
}

/// Starts a preview: looks once, listens, follows. `shown` is called with each new state, the first one included.
pub fn start(
    subject: Subject,
    mut eyes: Box<dyn Eyes>,
    options: &Options,
    shown: impl Fn(&Shown) + Send + 'static,
) -> io::Result<Running> {
    let listeners = listen(options)?;
    let addresses: Vec<SocketAddr> = listeners.iter().map(TcpListener::local_addr).collect::<io::Result<_>>()?;
    let (sender, signals) = channel();
    let teller = Teller::new(sender);
    let (disk, folder) = (subject.disk.clone(), subject.folder.clone());
    let preview = Arc::new(Preview::new(subject));

    // Eyes open before the first look, so that no save falls between the two.
    let (first, opened) = channel();
    let watching = teller.clone();
    let eyes = std::thread::spawn(move || {
        let opened = || first.send(()).unwrap_or_default();
        eyes::open(&mut *eyes, &*disk, &folder, &watching, &opened);
        eyes
    });
    let _ = opened.recv();
    preview.look(Hint::Anything);
    preview.show();
    shown(&preview.shown());

    let (count, number) = number::channel(preview.shown().number);
    let pages = Arc::new(Pages::new(preview.clone(), teller, options.language));
    let Options { language, follow, .. } = *options;
    let reader = Reader { run: token(), language, follow, token: Some(token()) };
    let door = Door { pages, names: Names::of(&addresses), reader, number, editor: options.editor.clone() };
    serve(listeners, Arc::new(door))?;
    let following = preview.clone();
    std::thread::spawn(move || {
        watch::follow(&following, &signals, &|| {
            let now = following.shown();
            shown(&now);
            count.send_replace(now.number);
        });
    });
    Ok(Running { address: addresses[0], lan: addresses.get(1).copied(), preview, _eyes: eyes })
}

/// Takes the wanted port, or the next one that is free, at this machine and on request in its network.
fn listen(options: &Options) -> io::Result<Vec<TcpListener>> {
    let mut hosts = vec![IpAddr::V4(Ipv4Addr::LOCALHOST)];
    hosts.extend(lan::address().filter(|_| options.lan));
    let mut last = None;
    for port in options.port..=options.port.saturating_add(PORTS) {
        let mut port = port;
        let mut take = |host: &IpAddr| {
            let listener = TcpListener::bind((*host, port))?;
            // Where any port will do, all hosts have the same.
            port = listener.local_addr()?.port();
            Ok(listener)
        };
        match hosts.iter().map(&mut take).collect::<io::Result<Vec<_>>>() {
            Err(busy) if busy.kind() == io::ErrorKind::AddrInUse => last = Some(busy),
            taken => return taken,
        }
    }
    Err(last.unwrap_or_else(|| io::ErrorKind::AddrInUse.into()))
}

fn serve(listeners: Vec<TcpListener>, door: Arc<Door>) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    for listener in listeners {
        listener.set_nonblocking(true)?;
        let door = door.clone();
        runtime.spawn(async move {
            let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
            loop {
                let Ok((stream, peer)) = listener.accept().await else { continue };
                // Small answers leave at once instead of waiting for more.
                let _ = stream.set_nodelay(true);
                let door = door.clone();
                let service = service_fn(move |request| http::answer(door.clone(), peer, request));
                // A reader that hangs up in the middle of an answer is no fault.
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
    }
    std::thread::spawn(move || runtime.block_on(std::future::pending::<()>()));
    Ok(())
}

/// A word that nobody can guess, new in each run. The standard library seeds its hash tables from the system.
fn token() -> String {
    use std::hash::{BuildHasher, RandomState};
    let words = (0..2).map(|number: u8| format!("{:016x}", RandomState::new().hash_one(number)));
    words.collect()
}

//! One request → one answer. The site's own files at their addresses; below `/.gongkai/` what only the preview has:
//! its script, the stream of news, and the door to the editor.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Limited, channel::Channel};
use hyper::body::{Bytes, Incoming};
use hyper::header;
use hyper::{Method, Request, Response, StatusCode};
use tokio::sync::watch;
use tokio::task::spawn_blocking;

use super::answer::{self, Body, plain, put};
use super::guard::{self, Names};
use super::notes::{self, Reader};
use super::pages::{Entity, OWN, Pages, Place};
use super::{assets, editor};

/// How often a page that hears nothing is sent a sign of life, so that both ends notice when the other is gone.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);
/// The longest wish to open a source.
const WISH: usize = 4096;
/// Names the token of a wish.
const TOKEN: &str = "x-gongkai-token";

/// What all requests share.
pub struct Door {
    /// Makes pages.
    pub pages: Arc<Pages>,
    /// Who may ask.
    pub names: Names,
    /// What readers are told of this run.
    pub reader: Reader,
    /// Counts what was shown.
    pub number: watch::Receiver<u64>,
    /// The user's editor, if one was named.
    pub editor: Option<String>,
}

/// Answers one request from `peer`.
pub async fn answer(
    door: Arc<Door>,
    peer: SocketAddr,
    request: Request<Incoming>,
) -> Result<Response<Body>, Infallible> {
    if let Some((status, why)) = door.names.refuse(request.uri(), request.headers()) {
        return Ok(plain(status, why));
    }
    let Some(address) = guard::address(request.uri().path()) else {
        return Ok(plain(StatusCode::BAD_REQUEST, "no address of this site"));
    };
    let method = request.method().clone();
    let own = address.strip_prefix(OWN).map(str::to_owned);
    if own.as_deref() == Some("open") {
        return Ok(open(&door, peer, request).await);
    }
    if method != Method::GET && method != Method::HEAD {
        let mut response = plain(StatusCode::METHOD_NOT_ALLOWED, "GET or HEAD");
        put(response.headers_mut(), header::ALLOW, "GET, HEAD");
        return Ok(response);
    }
    Ok(match own.as_deref() {
        Some("live") => live(door, peer, request.uri().query().unwrap_or_default()),
        Some(name) => match assets::find(name) {
            Some(asset) => answer::entity(&method, request.headers(), StatusCode::OK, &asset),
            None => plain(StatusCode::NOT_FOUND, "the preview has nothing of that name"),
        },
        None => {
            let place = spawn_blocking(move || door.pages.place(&address)).await;
            page(&method, &request, place.ok())
        }
    })
}

fn page(method: &Method, request: &Request<Incoming>, place: Option<Place>) -> Response<Body> {
    let send = |status, entity: &Entity| answer::entity(method, request.headers(), status, entity);
    match place {
        Some(Place::Here(entity)) => send(StatusCode::OK, &entity),
        Some(Place::Nowhere(entity)) => send(StatusCode::NOT_FOUND, &entity),
        Some(Place::NotYet(entity)) => send(StatusCode::SERVICE_UNAVAILABLE, &entity),
        Some(Place::Folder) => {
            let mut response = plain(StatusCode::MOVED_PERMANENTLY, "");
            put(response.headers_mut(), header::LOCATION, &format!("{}/", request.uri().path()));
            response
        }
        None => plain(StatusCode::INTERNAL_SERVER_ERROR, "this page could not be made"),
    }
}

/// The stream of news for one open page: a message at once, and one after each change of the site.
fn live(door: Arc<Door>, peer: SocketAddr, query: &str) -> Response<Body> {
    let asked = query.split('&').find_map(|pair| pair.strip_prefix("page=")).unwrap_or_default();
    let asked = percent_encoding::percent_decode_str(asked).decode_utf8_lossy().into_owned();
    let address = guard::address(&asked).unwrap_or_default();
    let (mut sender, body) = Channel::<Bytes, Infallible>::new(4);
    let mut response = Response::new(body.boxed());
    put(response.headers_mut(), header::CONTENT_TYPE, "text/event-stream; charset=utf-8");
    put(response.headers_mut(), header::CACHE_CONTROL, "no-store");
    tokio::spawn(async move {
        let mut number = door.number.clone();
        let mut reader = door.reader.clone();
        if !peer.ip().is_loopback() {
            reader.token = None;
        }
        let mut told = *number.borrow_and_update();
        loop {
            let (door, address, reader) = (door.clone(), address.clone(), reader.clone());
            let Ok(notes) = spawn_blocking(move || notes::notes(&door.pages, &address, &reader, told)).await else {
                return;
            };
            told = notes.number;
            let message = format!("data: {}\n\n", serde_json::to_string(&notes).unwrap_or_default());
            if sender.send_data(message.into()).await.is_err() {
                return;
            }
            while let Err(_idle) = tokio::time::timeout(SIGN_OF_LIFE, number.changed()).await {
                if sender.send_data(Bytes::from_static(b":\n\n")).await.is_err() {
                    return;
                }
            }
            number.borrow_and_update();
        }
    });
    response
}

/// Opens a source in the editor, for whoever holds this run's token and sits at this machine.
async fn open(door: &Arc<Door>, peer: SocketAddr, request: Request<Incoming>) -> Response<Body> {
    if request.method() != Method::POST {
        let mut response = plain(StatusCode::METHOD_NOT_ALLOWED, "POST");
        put(response.headers_mut(), header::ALLOW, "POST");
        return response;
    }
    let token = request.headers().get(TOKEN).and_then(|token| token.to_str().ok()).map(str::to_owned);
    // A browser names the origin of every POST; what names none is no page of ours.
    let named = request.headers().contains_key(header::ORIGIN);
    if !peer.ip().is_loopback() || token.is_none() || token != door.reader.token || !named {
        return plain(StatusCode::FORBIDDEN, "only for the pages of this run");
    }
    let wish = Limited::new(request.into_body(), WISH).collect().await.ok();
    let wish = wish.and_then(|body| serde_json::from_slice(&body.to_bytes()).ok());
    let Some(wish) = wish else { return plain(StatusCode::BAD_REQUEST, "a path and a line, please") };
    let door = door.clone();
    let opened = spawn_blocking(move || editor::open(door.pages.preview(), door.editor.as_deref(), &wish)).await;
    match opened {
        Ok(true) => plain(StatusCode::OK, ""),
        _ => plain(StatusCode::NOT_FOUND, "this is no source of the site, or no program opens it"),
    }
}

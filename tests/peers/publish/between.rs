//! A server of HTTP that stands before another one or in place of it: every request goes through a function of the
//! test, which may write it down, refuse it, break the connection, or hand it on.

use std::net::SocketAddr;
use std::sync::Arc;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{HeaderMap, Method, Request, Response, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

/// A request as it came.
pub struct Asked {
    pub method: Method,
    /// With scheme and host where the client took this server for its proxy.
    pub uri: Uri,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Asked {
    /// A header's value; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }
}

/// What is answered; `None` breaks the connection.
pub type Reply = Option<Response<Vec<u8>>>;

/// A running server; it ends with this value.
pub struct Between {
    pub port: u16,
    _runtime: Runtime,
}

/// Starts a server on loopback.
pub fn start(answer: impl Fn(Asked) -> Reply + Send + Sync + 'static) -> Between {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let port = listener.local_addr().map(|address: SocketAddr| address.port()).unwrap();
    let answer = Arc::new(answer);
    runtime.spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let answer = answer.clone();
            tokio::spawn(async move {
                let service = service_fn(move |request| one(request, answer.clone()));
                // A client that goes away is no fault.
                let _ = http1::Builder::new().serve_connection(TokioIo::new(socket), service).await;
            });
        }
    });
    Between { port, _runtime: runtime }
}

async fn one(
    request: Request<Incoming>,
    answer: Arc<impl Fn(Asked) -> Reply + Send + Sync + 'static>,
) -> Result<Response<Full<Bytes>>, std::io::Error> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(std::io::Error::other)?.to_bytes().to_vec();
    let asked = Asked { method: head.method, uri: head.uri, headers: head.headers, body };
    let reply = tokio::task::spawn_blocking(move || answer(asked)).await.unwrap();
    // An error of the service closes the connection.
    let reply = reply.ok_or_else(|| std::io::Error::other("broken off"))?;
    Ok(reply.map(|body| Full::new(Bytes::from(body))))
}

/// An answer with nothing in it but its status and some words.
pub fn status(code: u16, words: &str) -> Reply {
    let mut reply = Response::new(words.as_bytes().to_vec());
    *reply.status_mut() = StatusCode::from_u16(code).unwrap();
    Some(reply)
}

/// Hands a request on to the server at this port, and its answer back.
pub fn hand_on(client: &ureq::Agent, asked: &Asked, port: u16) -> Reply {
    let path = asked.uri.path_and_query().unwrap();
    let mut request = Request::builder().method(&asked.method).uri(format!("http://127.0.0.1:{port}{path}"));
    for (name, value) in &asked.headers {
        if !["host", "connection", "content-length", "transfer-encoding", "expect"].contains(&name.as_str()) {
            request = request.header(name, value);
        }
    }
    let request = request.body(asked.body.clone()).unwrap();
    let request = client.configure_request(request).allow_non_standard_methods(true).build();
    let (head, mut body) = client.run(request).unwrap().into_parts();
    let body = body.with_config().limit(1 << 30).read_to_vec().unwrap();
    let mut reply = Response::builder().status(head.status);
    for (name, value) in &head.headers {
        // What HEAD says of a length is not that of its own body.
        let is_of_body = name == "content-length" && asked.method != Method::HEAD;
        if !is_of_body && !["connection", "transfer-encoding"].contains(&name.as_str()) {
            reply = reply.header(name, value);
        }
    }
    Some(reply.body(body).unwrap())
}

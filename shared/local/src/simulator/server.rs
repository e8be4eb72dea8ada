//! Serves a simulator over real HTTP on loopback and plays the faults that need a connection.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use axum::Router;
use axum::body::Body;
use axum::extract::connect_info::Connected;
use axum::extract::{ConnectInfo, Request, State};
use axum::response::Response;
use axum::serve::{IncomingStream, Listener};
use http::{StatusCode, header};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::fault::{Effect, Fault};
use super::request::{Answer, Call};
use super::stage::{Platform, Simulator};

/// More than any call of the contracts carries.
const BODY_LIMIT: usize = 1 << 20;

/// A simulator that listens; dropping it takes the platform down.
pub struct Running<P> {
    /// Where it listens.
    pub address: SocketAddr,
    /// The simulator that answers.
    pub simulator: Simulator<P>,
    down: Arc<AtomicBool>,
    task: JoinHandle<()>,
}

impl<P> Running<P> {
    /// The address as the start of a URL, without a slash at the end.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Takes the platform down: new connections are refused and open ones break.
    pub fn shutdown(self) {}
}

impl<P> Drop for Running<P> {
    fn drop(&mut self) {
        self.down.store(true, Ordering::SeqCst);
        self.task.abort();
    }
}

impl<P: Platform> Simulator<P> {
    /// The simulator as an axum router. Without a connection of its own, [`Fault::CloseConnection`] answers 500.
    pub fn router(&self) -> Router {
        Router::new().fallback(answer::<P>).with_state(self.clone())
    }

    /// Listens on a free port of 127.0.0.1.
    ///
    /// # Errors
    ///
    /// The error of the socket.
    pub async fn start(&self) -> io::Result<Running<P>> {
        self.start_on(0).await
    }

    /// Listens on this port of 127.0.0.1.
    ///
    /// # Errors
    ///
    /// The error of the socket, as when the port is taken.
    pub async fn start_on(&self, port: u16) -> io::Result<Running<P>> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        let down = Arc::new(AtomicBool::new(false));
        let listener = Wire { listener, down: Arc::clone(&down) };
        let service = self.router().into_make_service_with_connect_info::<Cut>();
        let task = tokio::spawn(async move {
            // axum's serve never ends by itself.
            let _ = axum::serve(listener, service).await;
        });
        Ok(Running { address, simulator: self.clone(), down, task })
    }
}

async fn answer<P: Platform>(State(simulator): State<Simulator<P>>, request: Request) -> Response {
    let cut = request.extensions().get::<ConnectInfo<Cut>>().map(|info| info.0.clone());
    let Some(call) = read(request).await else {
        return plain(StatusCode::PAYLOAD_TOO_LARGE);
    };
    let (line, fault) = simulator.admit(&call);
    let mut releases = simulator.releases();
    releases.mark_unchanged();
    let done = |effect: Effect| (effect == Effect::Performed).then(|| simulator.perform(&call));
    let answer = match fault {
        None => simulator.perform(&call),
        Some(Fault::Status5xx { status, retry_after, effect }) => {
            done(effect);
            let headers = retry_after.map(|seconds| ("retry-after", seconds.to_string())).into_iter().collect();
            Answer { status, headers, ..Answer::default() }
        }
        Some(Fault::Timeout { effect }) => {
            let late = done(effect).unwrap_or_else(|| Answer { status: 504, ..Answer::default() });
            simulator.announce();
            // An error would mean that the simulator is gone, and with it this call.
            let _ = releases.changed().await;
            simulator.record_status(line, late.status);
            return respond(late);
        }
        Some(Fault::CloseConnection { effect }) => {
            done(effect);
            simulator.announce();
            return match cut {
                Some(cut) => {
                    cut.0.store(true, Ordering::SeqCst);
                    plain(StatusCode::OK)
                }
                None => plain(StatusCode::INTERNAL_SERVER_ERROR),
            };
        }
        Some(
            fault @ (Fault::Status429 { .. }
            | Fault::UsageCapped
            | Fault::CreditsDepleted
            | Fault::QuotaExceeded
            | Fault::Unauthorized
            | Fault::EmptyPage
            | Fault::PageExpired
            | Fault::ProcessingFailure),
        ) => simulator.state().fail(&fault, &call),
    };
    simulator.record_status(line, answer.status);
    simulator.announce();
    respond(answer)
}

async fn read(request: Request) -> Option<Call> {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, BODY_LIMIT).await.ok()?;
    let query = parts.uri.query().unwrap_or_default();
    let query = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let path = parts.uri.path().to_owned();
    Some(Call { method: parts.method, path, query, headers: parts.headers, body })
}

fn respond(answer: Answer) -> Response {
    let mut response = Response::builder().status(answer.status);
    for (name, value) in answer.headers {
        response = response.header(name, value);
    }
    let response = match answer.body {
        Some((kind, body)) => response.header(header::CONTENT_TYPE, kind).body(Body::from(body)),
        None => response.body(Body::empty()),
    };
    response.unwrap_or_else(|_| plain(StatusCode::INTERNAL_SERVER_ERROR))
}

fn plain(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// Tells one connection to break before its next byte.
#[derive(Clone)]
struct Cut(Arc<AtomicBool>);

impl Connected<IncomingStream<'_, Wire>> for Cut {
    fn connect_info(stream: IncomingStream<'_, Wire>) -> Cut {
        stream.io().cut.clone()
    }
}

struct Wire {
    listener: TcpListener,
    down: Arc<AtomicBool>,
}

impl Listener for Wire {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.listener).await;
        // Without it small answers may wait for an acknowledgement; the answer is right either way.
        let _ = stream.set_nodelay(true);
        (Connection { stream, cut: Cut(Arc::default()), down: Arc::clone(&self.down) }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

struct Connection {
    stream: TcpStream,
    cut: Cut,
    down: Arc<AtomicBool>,
}

impl Connection {
    fn broken(&self) -> Option<io::Error> {
        let broken = self.cut.0.load(Ordering::SeqCst) || self.down.load(Ordering::SeqCst);
        broken.then(|| io::ErrorKind::ConnectionReset.into())
    }
}

impl AsyncRead for Connection {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.broken() {
            Some(error) => Poll::Ready(Err(error)),
            None => Pin::new(&mut self.stream).poll_read(cx, buffer),
        }
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.broken() {
            Some(error) => Poll::Ready(Err(error)),
            None => Pin::new(&mut self.stream).poll_write(cx, bytes),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

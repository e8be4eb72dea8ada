//! A server on this machine that answers one request: what our clients really send is looked at.

#![allow(clippy::unwrap_used)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::thread::JoinHandle;

use crate::aws::Env;
use crate::settings::Reader;

/// Answers one request with `status` and `body`; gives the endpoint, and the request's head and body once served.
pub(crate) fn serve_once(status: &'static str, body: &'static str) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let served = std::thread::spawn(move || {
        let mut stream = BufReader::new(listener.accept().unwrap().0);
        let mut asked = String::new();
        while !asked.ends_with("\r\n\r\n") {
            stream.read_line(&mut asked).unwrap();
        }
        let length = asked.lines().find_map(|line| line.strip_prefix("content-length: "));
        let mut sent = vec![0; length.map_or(0, |length| length.parse().unwrap())];
        stream.read_exact(&mut sent).unwrap();
        let length = body.len();
        let answer = format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
        stream.get_mut().write_all(answer.as_bytes()).unwrap();
        asked + &String::from_utf8_lossy(&sent)
    });
    (endpoint, served)
}

/// An environment with every service at `endpoint`.
pub(crate) fn env(endpoint: &str) -> Env {
    let source = |name: &str| {
        Some(match name {
            "AWS_ENDPOINT_URL" => endpoint.to_owned(),
            "AWS_REGION" => "ap-northeast-1".to_owned(),
            "AWS_ACCESS_KEY_ID" => "AKIDEXAMPLE".to_owned(),
            "AWS_SECRET_ACCESS_KEY" => "a-secret-key".to_owned(),
            _ => return None,
        })
    };
    let mut reader = Reader::new(&source);
    let env = Env::read(&mut reader);
    reader.finish().unwrap();
    env
}

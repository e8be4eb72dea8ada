//! Atom bodies of the WebSub hub: videos uploaded or edited, and videos deleted.

use std::fmt::Write;

use jiff::Timestamp;

/// A video as a notice tells of it.
#[derive(Clone)]
pub struct VideoNotice {
    /// The video's id.
    pub video: String,
    /// Its title.
    pub title: String,
    /// When it was published.
    pub published: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
}

/// A feed of entries of one channel, without an XML prolog, as the hub sends it.
pub fn videos(channel: &str, channel_title: &str, notices: &[VideoNotice]) -> Vec<u8> {
    let mut feed = String::from(
        "<feed xmlns:yt=\"http://www.youtube.com/xml/schemas/2015\" xmlns=\"http://www.w3.org/2005/Atom\">\n",
    );
    let (id, title) = (escape(channel), escape(channel_title));
    let latest = notices.iter().map(|notice| notice.updated).max().unwrap_or(Timestamp::UNIX_EPOCH);
    // Writing to a string can't fail.
    let _ = write!(
        feed,
        "  <link rel=\"hub\" href=\"https://pubsubhubbub.appspot.com\"/>\n  \
           <link rel=\"self\" href=\"https://www.youtube.com/xml/feeds/videos.xml?channel_id={id}\"/>\n  \
           <title>YouTube video feed</title>\n  <updated>{}</updated>\n",
        moment(latest)
    );
    for notice in notices {
        let video = escape(&notice.video);
        let _ = write!(
            feed,
            "  <entry>\n    <id>yt:video:{video}</id>\n    <yt:videoId>{video}</yt:videoId>\n    \
             <yt:channelId>{id}</yt:channelId>\n    <title>{}</title>\n    \
             <link rel=\"alternate\" href=\"https://www.youtube.com/watch?v={video}\"/>\n    \
             <author>\n      <name>{title}</name>\n      <uri>https://www.youtube.com/channel/{id}</uri>\n    \
             </author>\n    <published>{}</published>\n    <updated>{}</updated>\n  </entry>\n",
            escape(&notice.title),
            moment(notice.published),
            moment(notice.updated)
        );
    }
    feed.push_str("</feed>\n");
    feed.into_bytes()
}

/// A feed with a tombstone and no entry, with an XML prolog.
pub fn deleted(channel: &str, channel_title: &str, video: &str, when: Timestamp) -> Vec<u8> {
    let (id, title, video) = (escape(channel), escape(channel_title), escape(video));
    format!(
        "<?xml version='1.0' encoding='UTF-8'?>\n\
         <feed xmlns:at=\"http://purl.org/atompub/tombstones/1.0\" xmlns=\"http://www.w3.org/2005/Atom\">\
         <at:deleted-entry ref=\"yt:video:{video}\" when=\"{}\">\n  \
         <link href=\"https://www.youtube.com/watch?v={video}\"/>\n  <at:by>\n    <name>{title}</name>\n    \
         <uri>https://www.youtube.com/channel/{id}</uri>\n  </at:by>\n</at:deleted-entry></feed>\n",
        moment(when)
    )
    .into_bytes()
}

/// Google writes an offset, and as many digits of the second as there are.
fn moment(at: Timestamp) -> String {
    at.to_string().replace('Z', "+00:00")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

//! From text to [`Written`].

use super::lexer::{Kind, Origin, Token, tokens};
use super::written::*;
use crate::association::{Mode, Protocol};
use crate::keys::Fault;

pub(crate) fn parse(text: &str, origin: Origin) -> Result<Written, Fault> {
    let tokens = tokens(text, origin)?;
    let mut parser = Parser { tokens: &tokens, at: 0, end: (origin.line, origin.indent + 1) };
    if let Some(last) = tokens.last() {
        parser.end = (last.line, last.column + last.text.chars().count());
    }
    let mut blocks = Vec::new();
    while let Some(heading) = parser.next() {
        blocks.push(parser.block(heading)?);
    }
    Ok(Written { blocks })
}

struct Parser<'a> {
    tokens: &'a [Token<'a>],
    at: usize,
    /// Behind the last token.
    end: (usize, usize),
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a Token<'a>> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Option<&'a Token<'a>> {
        let token = self.peek();
        self.at += usize::from(token.is_some());
        token
    }

    /// Takes the next token if it is of this kind.
    fn take(&mut self, kind: Kind) -> bool {
        let found = self.peek().is_some_and(|t| t.kind == kind);
        self.at += usize::from(found);
        found
    }

    /// Takes the next word if it is this one.
    fn take_word(&mut self, keyword: &str) -> bool {
        let found = self.peek().is_some_and(|t| t.is(keyword));
        self.at += usize::from(found);
        found
    }

    fn expected(&self, what: &str) -> Fault {
        match self.peek() {
            Some(t) => match t.kind {
                Kind::Spd(_) | Kind::Sad => t.fault(format!("expected {what} before this heading")),
                _ => t.fault(format!("expected {what}, not `{}`", t.text)),
            },
            None => Fault::new(self.end.0, self.end.1, format!("expected {what} behind this")),
        }
    }

    fn need(&mut self, kind: Kind, what: &str) -> Result<(), Fault> {
        if self.take(kind) { Ok(()) } else { Err(self.expected(what)) }
    }

    fn need_word(&mut self, keyword: &str) -> Result<(), Fault> {
        if self.take_word(keyword) { Ok(()) } else { Err(self.expected(keyword)) }
    }

    /// A name, an address or a number.
    fn value(&mut self, what: &str) -> Result<Word, Fault> {
        let token = self.peek().filter(|t| match t.kind {
            Kind::Word => !t.is("IF") && !t.is("THEN"),
            kind => kind == Kind::Quoted,
        });
        let token = token.ok_or_else(|| self.expected(what))?;
        self.at += 1;
        Ok(token.word())
    }

    /// One of some keywords.
    fn one_of<T: Copy>(&mut self, choices: &[(&str, T)], what: &str) -> Result<T, Fault> {
        let found = self.peek().and_then(|t| choices.iter().find(|(word, _)| t.is(word)));
        let (_, value) = found.ok_or_else(|| self.expected(what))?;
        self.at += 1;
        Ok(*value)
    }

    fn protocol(&mut self) -> Result<Protocol, Fault> {
        self.one_of(&[("ESP", Protocol::Esp), ("AH", Protocol::Ah)], "ESP or AH")
    }

    fn mode(&mut self) -> Result<Mode, Fault> {
        let modes = [("TRANSPORT", Mode::Transport), ("TUNNEL", Mode::Tunnel), ("ANY", Mode::Any)];
        self.one_of(&modes, "TRANSPORT or TUNNEL")
    }

    fn block(&mut self, heading: &Token<'_>) -> Result<Block, Fault> {
        let wanted = "expected a heading, as `mobile node SPD OUT:`";
        if !matches!(heading.kind, Kind::Spd(_) | Kind::Sad) {
            return Err(heading.fault(format!("{wanted}, not `{}`", heading.text)));
        }
        if heading.text.is_empty() {
            return Err(heading.fault(format!("{wanted}: the name of the node is missing")));
        }
        let mut node = heading.word();
        node.text = node.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let part = match heading.kind {
            Kind::Spd(direction) => Part::Spd(direction, self.entries(Self::rule)?),
            _ => Part::Sad(self.entries(Self::association)?),
        };
        Ok(Block { node, part })
    }

    fn entries<T>(&mut self, one: impl Fn(&mut Self) -> Result<T, Fault>) -> Result<Vec<T>, Fault> {
        let mut entries = Vec::new();
        while self.take(Kind::Bullet) {
            entries.push(one(self)?);
        }
        match self.peek().map(|t| t.kind) {
            None | Some(Kind::Spd(_) | Kind::Sad) => Ok(entries),
            _ if entries.is_empty() => Err(self.expected("an entry behind `-`")),
            _ => Err(self.expected("`&`, `|`, the next entry behind `-`, or a heading")),
        }
    }

    fn rule(&mut self) -> Result<WrittenRule, Fault> {
        self.need_word("IF")?;
        let condition = self.condition(0)?;
        if !self.take_word("THEN") {
            return Err(self.expected("`&`, `|` or THEN"));
        }
        Ok(WrittenRule { condition, action: self.action()? })
    }

    fn action(&mut self) -> Result<WrittenAction, Fault> {
        #[derive(Clone, Copy)]
        enum Verb {
            Use,
            Create,
            Bypass,
            Discard,
        }
        let verbs = [
            ("USE", Verb::Use),
            ("CREATE", Verb::Create),
            ("BYPASS", Verb::Bypass),
            ("DISCARD", Verb::Discard),
        ];
        match self.one_of(&verbs, "USE, CREATE, BYPASS or DISCARD")? {
            Verb::Use => self.used(),
            Verb::Create => self.pattern().map(WrittenAction::Create),
            Verb::Bypass => Ok(WrittenAction::Bypass),
            Verb::Discard => Ok(WrittenAction::Discard),
        }
    }

    /// `USE SA1`, or as RFC 3776 has it, `USE SA SA1` and `USE SA ESP TUNNEL: …`.
    fn used(&mut self) -> Result<WrittenAction, Fault> {
        if let [sa, next, rest @ ..] = &self.tokens[self.at..] {
            let on_the_line =
                next.line == sa.line && matches!(next.kind, Kind::Word | Kind::Quoted);
            if sa.is("SA") && on_the_line {
                self.at += 1;
                let mode = rest.first().is_some_and(|t| t.is("TRANSPORT") || t.is("TUNNEL"));
                if mode && (next.is("ESP") || next.is("AH")) {
                    return self.pattern().map(WrittenAction::Create);
                }
            }
        }
        let quoted = self.peek().is_some_and(|t| t.kind == Kind::Quoted);
        let mut name = self.value("the name of a security association")?;
        // The draft ends one of its entries with a full stop.
        if !quoted && name.text.len() > 1 && name.text.ends_with('.') {
            name.text.pop();
        }
        Ok(WrittenAction::Use(name))
    }

    fn pattern(&mut self) -> Result<WrittenPattern, Fault> {
        let (protocol, mode) = (self.protocol()?, self.mode()?);
        let none = (None, None, None);
        let (gateway, local_identity, peer_identity) = none;
        let mut pattern = WrittenPattern { protocol, mode, gateway, local_identity, peer_identity };
        self.take_word("SA");
        if self.take(Kind::Colon) {
            self.term(&mut pattern)?;
            while self.take(Kind::And) {
                self.term(&mut pattern)?;
            }
        }
        Ok(pattern)
    }

    fn term(&mut self, pattern: &mut WrittenPattern) -> Result<(), Fault> {
        #[derive(Clone, Copy)]
        enum Term {
            Gateway,
            Outer,
            Local,
            Peer,
        }
        let terms = [
            ("gateway", Term::Gateway),
            ("outer", Term::Outer),
            ("local", Term::Local),
            ("peer", Term::Peer),
        ];
        let start = self.at;
        let what = "`gateway = …`, `local phase 1 identity = …` or `peer phase 1 identity = …`";
        let term = self.one_of(&terms, what)?;
        let (words, place): (&[&str], _) = match term {
            Term::Gateway => (&[], &mut pattern.gateway),
            Term::Outer => (&["destination"], &mut pattern.gateway),
            Term::Local => (&["phase", "1", "identity"], &mut pattern.local_identity),
            Term::Peer => (&["phase", "1", "identity"], &mut pattern.peer_identity),
        };
        for word in words {
            self.need_word(word)?;
        }
        self.need(Kind::Equals, "`=`")?;
        let value = self.value("a value")?;
        if place.replace(value).is_some() {
            return Err(self.tokens[start].fault("this is said twice: expected it once"));
        }
        Ok(())
    }

    fn association(&mut self) -> Result<WrittenAssociation, Fault> {
        let name = self.value("the name of a security association")?;
        self.need(Kind::Open, "`(` and a direction")?;
        let directions = [("OUT", Direction::Out), ("IN", Direction::In)];
        let direction = self.one_of(&directions, "IN or OUT")?;
        self.need(Kind::Comma, "`,` and an SPI")?;
        let spi = self.value("an SPI")?;
        self.need(Kind::Comma, "`,` and a destination")?;
        let destination = self.value("a destination")?;
        self.need(Kind::Comma, "`,` and a protocol")?;
        let protocol = self.protocol()?;
        self.need(Kind::Comma, "`,` and a mode")?;
        let mode = self.mode()?;
        self.need(Kind::Close, "`)`")?;
        self.need(Kind::Colon, "`:` and selectors")?;
        let selectors = self.condition(0)?;
        Ok(WrittenAssociation { name, direction, spi, destination, protocol, mode, selectors })
    }

    fn condition(&mut self, depth: usize) -> Result<Condition<WrittenSelector>, Fault> {
        self.chain(Kind::Or, Condition::Any, |p| {
            p.chain(Kind::And, Condition::All, |p| p.negation(depth))
        })
    }

    fn chain(
        &mut self,
        mark: Kind,
        whole: impl Fn(Vec<Condition<WrittenSelector>>) -> Condition<WrittenSelector>,
        part: impl Fn(&mut Self) -> Result<Condition<WrittenSelector>, Fault>,
    ) -> Result<Condition<WrittenSelector>, Fault> {
        let first = part(self)?;
        if !self.take(mark) {
            return Ok(first);
        }
        let mut parts = vec![first, part(self)?];
        while self.take(mark) {
            parts.push(part(self)?);
        }
        Ok(whole(parts))
    }

    fn negation(&mut self, depth: usize) -> Result<Condition<WrittenSelector>, Fault> {
        if depth == MAX_DEPTH {
            return Err(self.expected("a condition nested less deeply"));
        }
        if self.take(Kind::Not) {
            return Ok(Condition::Not(Box::new(self.negation(depth + 1)?)));
        }
        if self.take(Kind::Open) {
            let inner = self.condition(depth + 1)?;
            self.need(Kind::Close, "`)`")?;
            return Ok(inner);
        }
        self.selector().map(Condition::Is)
    }

    fn selector(&mut self) -> Result<WrittenSelector, Fault> {
        let fields = [
            ("interface", Field::Interface),
            ("source", Field::Source),
            ("destination", Field::Destination),
            ("proto", Field::Proto),
            ("protocol", Field::Proto),
            ("mh", Field::MhType),
            ("mh_type", Field::MhType),
            ("icmpv6", Field::IcmpType),
            ("icmp6", Field::IcmpType),
            ("icmp6_type", Field::IcmpType),
            ("icmpv6_type", Field::IcmpType),
            ("source_port", Field::SourcePort),
            ("destination_port", Field::DestinationPort),
        ];
        let start = self.at;
        let what = "a selector: interface, source, destination, proto, mh_type, icmp6_type, \
                    source_port or destination_port";
        let mut field = self.one_of(&fields, what)?;
        if matches!(field, Field::MhType | Field::IcmpType)
            && !self.tokens[start].text.to_ascii_lowercase().ends_with("_type")
        {
            self.need_word("type")?;
        }
        self.need(Kind::Equals, "`=`")?;
        if field == Field::Interface && !self.peek().is_some_and(|t| t.is("any")) {
            // RFC 3776 has an `IPv6` in front, and once two.
            while self.take_word("IPv6") {}
            if !self.take_word("tunnel") {
                return Err(self.expected("`tunnel to …`, `tunnel from …` or any"));
            }
            let ends = [("to", Field::TunnelTo), ("from", Field::TunnelFrom)];
            field = self.one_of(&ends, "`to` or `from`")?;
        }
        Ok(WrittenSelector { field, value: self.value("a value")? })
    }
}

//! A choice of readings, as names give it: `E4a`, `C6a=222`, `A1=253`.

use mip6_wire::codes::LkeCodes;
use thiserror::Error;

use super::{Passage, Reading};

/// By which readings draft-liu-mobileip-lke-01 is spoken: one for each passage, and
/// the numbers of its messages and options (passages A1 to A10), which are those of
/// other protocols too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Readings {
    said: [Option<Reading>; Passage::COUNT],
    /// In the order of `NUMBERS`.
    numbers: [Option<u8>; NUMBERS.len()],
    careof_option: Option<u8>,
}

impl Default for Readings {
    fn default() -> Self {
        Self { said: [None; Passage::COUNT], numbers: [None; NUMBERS.len()], careof_option: None }
    }
}

/// What is wrong with the name of a reading.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ReadingError {
    /// There is none of this name.
    #[error("no reading is called `{name}`, expected one of {}", known())]
    Unknown {
        /// The name.
        name: String,
    },
    /// It needs a number, or has none.
    #[error("`{name}` is no choice: expected {wanted}")]
    Number {
        /// The name.
        name: String,
        /// What was expected.
        wanted: &'static str,
    },
    /// Two that stand in the same place have the same number.
    #[error("`{one}` and `{other}` are both {number}: expected different ones")]
    Same {
        /// One passage.
        one: &'static str,
        /// The other.
        other: &'static str,
        /// Their number.
        number: u8,
    },
}

/// A number of the draft that can be another: the passage, what it is the number of,
/// and where it stands.
struct Number {
    id: &'static str,
    text: &'static str,
    get: fn(&mut LkeCodes) -> &mut u8,
    kind: Kind,
}

/// What a number is the number of, and so which ones are taken.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Message,
    Option,
    Discovery,
}

impl Kind {
    fn wanted(self) -> &'static str {
        match self {
            Self::Message => "an MH Type from 8 to 255, as in `A4=200`",
            Self::Option => "a mobility option type from 2 to 255, as in `A7=200`",
            Self::Discovery => "an option type of Neighbor Discovery from 6 to 255, as in `A1=253`",
        }
    }

    /// Numbers of what every node knows (RFC 6275 6.1, 6.2; RFC 4861 4.6).
    fn least(self) -> u8 {
        match self {
            Self::Message => 8,
            Self::Option => 2,
            Self::Discovery => 6,
        }
    }
}

/// Passages A1 to A10.
#[rustfmt::skip]
static NUMBERS: [Number; 10] = [
    Number { id: "A1", text: "option type of the capability in Router Advertisements", get: |c| &mut c.capability, kind: Kind::Discovery },
    Number { id: "A2", text: "option type of the authentication request in Neighbor Solicitations", get: |c| &mut c.dad_request, kind: Kind::Discovery },
    Number { id: "A3", text: "option type of the authentication reply in Neighbor Advertisements", get: |c| &mut c.dad_reply, kind: Kind::Discovery },
    Number { id: "A4", text: "MH Type of the Key Exchange Request", get: |c| &mut c.request, kind: Kind::Message },
    Number { id: "A5", text: "MH Type of the Key Exchange Acknowledgement", get: |c| &mut c.acknowledgement, kind: Kind::Message },
    Number { id: "A6", text: "MH Type of the Finished message", get: |c| &mut c.finished, kind: Kind::Message },
    Number { id: "A7", text: "option type of the requested lifetime", get: |c| &mut c.requested_lifetime, kind: Kind::Option },
    Number { id: "A8", text: "option type of the access router's address", get: |c| &mut c.ar_address, kind: Kind::Option },
    Number { id: "A9", text: "option type of the HMAC", get: |c| &mut c.hmac, kind: Kind::Option },
    Number { id: "A10", text: "option type of the Finished Message Request", get: |c| &mut c.finished_request, kind: Kind::Option },
];

/// What `C6a` may have for its number: none that has a meaning of its own, and one
/// that whoever does not know it discards, as the Home Address option.
const CAREOF_OPTION: &str = "an option type of 192 to 255 without a meaning, as in `C6a=222`";

fn known() -> String {
    let names = NUMBERS.iter().map(|n| format!("{}=NUMBER", n.id));
    names.chain(Reading::all().map(|r| r.id().to_owned())).collect::<Vec<_>>().join(", ")
}

impl Readings {
    /// What can be chosen: names, and what each is in words. `A1=` takes a number;
    /// `C6a` may.
    pub fn choices() -> impl Iterator<Item = (String, String)> {
        let numbers = NUMBERS.iter().map(|n| {
            let draft = *(n.get)(&mut { LkeCodes::DRAFT_01 });
            (format!("{}=NUMBER", n.id), format!("{}; {draft} in the draft", n.text))
        });
        let readings = Reading::all().map(|r| {
            let default = if r.is_default() { "; the default" } else { "" };
            (r.id().to_owned(), format!("{}{default}", r.text()))
        });
        numbers.chain(readings)
    }

    /// The reading of a passage.
    pub fn of(&self, passage: Passage) -> Reading {
        let default = passage.readings().next().unwrap_or(Reading::ShortType);
        self.said(passage).unwrap_or(default)
    }

    /// The same, if one has been chosen.
    pub fn said(&self, passage: Passage) -> Option<Reading> {
        self.said[passage as usize]
    }

    /// Whether it is by a reading.
    pub fn has(&self, reading: Reading) -> bool {
        self.of(reading.passage()) == reading
    }

    /// The numbers of messages and options.
    pub fn numbers(&self) -> LkeCodes {
        let mut codes = LkeCodes::DRAFT_01;
        for (n, said) in NUMBERS.iter().zip(self.numbers) {
            let number = (n.get)(&mut codes);
            *number = said.unwrap_or(*number);
        }
        codes.careof_option = self.careof_option.unwrap_or(codes.careof_option);
        codes
    }

    /// Whether they read every passage as the defaults do, by the draft's numbers.
    pub fn are_default(&self) -> bool {
        self.numbers() == LkeCodes::DRAFT_01 && self.said.iter().flatten().all(|r| r.is_default())
    }

    /// The same with another reading in place of that of its passage.
    #[must_use]
    pub fn with(mut self, reading: Reading) -> Self {
        self.said[reading.passage() as usize] = Some(reading);
        if reading.passage() == Passage::Carrier {
            self.careof_option = None;
        }
        self
    }

    /// The same, and what others say in place of what it says of that.
    #[must_use]
    pub fn then(mut self, others: &Self) -> Self {
        let readings = self.said.iter_mut().zip(others.said);
        readings.for_each(|(own, said)| *own = said.or(*own));
        let numbers = self.numbers.iter_mut().zip(others.numbers);
        numbers.for_each(|(own, said)| *own = said.or(*own));
        if others.said(Passage::Carrier).is_some() {
            self.careof_option = others.careof_option;
        }
        self
    }

    /// The same with what a name says: `E4a`, `C6a=222`, `A1=253`.
    pub fn choose(mut self, name: &str) -> Result<Self, ReadingError> {
        let unknown = || ReadingError::Unknown { name: name.to_owned() };
        let wrong = |wanted| ReadingError::Number { name: name.to_owned(), wanted };
        let (id, number) = match name.split_once('=') {
            Some((id, number)) => (id, Some(read_number(number))),
            None => (name, None),
        };
        if let Some(i) = NUMBERS.iter().position(|n| n.id == id) {
            let n = &NUMBERS[i];
            let wanted = n.kind.wanted();
            let number = number.flatten().filter(|v| *v >= n.kind.least()).ok_or(wrong(wanted))?;
            self.numbers[i] = Some(number);
            return Ok(self);
        }
        let reading = Reading::named(id).ok_or_else(unknown)?;
        self = self.with(reading);
        if let Some(number) = number {
            let free = |n: &u8| *n >= 0xc0 && !matches!(n, 0xc2 | 0xc9);
            if reading != Reading::DestinationOption {
                return Err(wrong("it without a number"));
            }
            self.careof_option = Some(number.filter(free).ok_or(wrong(CAREOF_OPTION))?);
        }
        Ok(self)
    }

    /// What names choose, the last of a passage; numbers that can be told apart.
    pub fn chosen<'n>(names: impl IntoIterator<Item = &'n str>) -> Result<Self, ReadingError> {
        let all = names.into_iter().try_fold(Self::default(), Self::choose)?;
        all.check().map(|()| all)
    }

    /// Says so if numbers cannot be told apart: those of the messages, and those of the
    /// options of an acknowledgement.
    pub fn check(&self) -> Result<(), ReadingError> {
        let mut own = self.numbers();
        let each: Vec<_> = NUMBERS.iter().map(|n| (n.id, *(n.get)(&mut own), n.kind)).collect();
        for (i, (id, number, kind)) in each.iter().enumerate() {
            let same = |(other, n, k): &&(&'static str, u8, Kind)| {
                let together = *kind == Kind::Message || (*id == "A8" && *other == "A9");
                k == kind && together && n == number
            };
            if let Some((other, ..)) = each.iter().skip(i + 1).find(same) {
                return Err(ReadingError::Same { one: id, other, number: *number });
            }
        }
        Ok(())
    }

    /// The same with what names say, one after the other; those that say nothing are
    /// left out: `choose` tells them.
    #[must_use]
    pub fn by<'n>(self, names: impl IntoIterator<Item = &'n str>) -> Self {
        names.into_iter().fold(self, |all, name| all.choose(name).unwrap_or(all))
    }

    /// Names that say the same.
    pub fn names(&self) -> Vec<String> {
        let said = NUMBERS.iter().zip(self.numbers);
        let mut names: Vec<String> =
            said.filter_map(|(n, said)| Some(format!("{}={}", n.id, said?))).collect();
        names.extend(self.said.iter().flatten().map(|r| match r {
            Reading::DestinationOption => r.name(self.careof_option),
            r => r.name(None),
        }));
        names
    }
}

/// Decimal, or hexadecimal behind `0x`.
fn read_number(text: &str) -> Option<u8> {
    match text.strip_prefix("0x") {
        Some(digits) => u8::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_choose_readings_and_numbers() {
        let chosen = Readings::default().by(["E4a", "D2a", "C6a=0xfe", "A1=253", "A4=200"]);
        assert!(chosen.has(Reading::NoIpHeader) && chosen.has(Reading::Seconds));
        assert!(chosen.has(Reading::Pkcs1) && chosen.said(Passage::Padding).is_none());
        let numbers = chosen.numbers();
        assert_eq!((numbers.capability, numbers.request, numbers.careof_option), (253, 200, 254));
        assert_eq!(chosen.names(), ["A1=253", "A4=200", "C6a=254", "D2a", "E4a"]);
        assert_eq!(Readings::default().by(chosen.names().iter().map(String::as_str)), chosen);
        assert!(!chosen.are_default());
    }

    #[test]
    fn the_last_reading_of_a_passage_counts() {
        let chosen = Readings::default().by(["E4a", "E4"]);
        assert!(chosen.are_default());
        assert_eq!(chosen.said(Passage::Whole), Some(Reading::WholePacket));
    }

    #[test]
    fn what_others_say_comes_then() {
        let of = |names: &[&str]| Readings::default().by(names.iter().copied());
        let both = of(&["A1=253", "A4=200", "E4a", "C6a=222"]);
        let both = both.then(&of(&["A1=6", "E4", "D2a", "C6a=254"]));
        assert_eq!(both.names(), ["A1=6", "A4=200", "C6a=254", "D2a", "E4"]);
        assert_eq!(both.numbers().capability, 6);
        // The number of an option is chosen with it.
        let both = of(&["C6a=254"]).then(&of(&["C6a"]));
        assert_eq!((both.names(), both.numbers().careof_option), (vec!["C6a".to_owned()], 222));
        assert!(of(&["C6a=254", "C6"]).are_default());
        assert_eq!(of(&["A1=6"]).then(&of(&["A4=200"])).names(), ["A1=6", "A4=200"]);
    }

    #[test]
    fn numbers_that_cannot_be_told_apart_are_no_choice() {
        let of = |names: &[&str]| Readings::chosen(names.iter().copied());
        assert!(of(&["A4=9", "A5=8"]).is_ok() && of(&["A7=4", "A10=5"]).is_ok());
        let told = of(&["A4=9"]).unwrap_err().to_string();
        assert_eq!(told, "`A4` and `A5` are both 9: expected different ones");
        let told = of(&["A9=4"]).unwrap_err().to_string();
        assert_eq!(told, "`A8` and `A9` are both 4: expected different ones");
    }

    #[test]
    fn what_is_no_choice_is_told() {
        let of = |name| Readings::default().choose(name).unwrap_err().to_string();
        assert!(of("E9").starts_with("no reading is called `E9`, expected one of A1=NUMBER, "));
        assert!(of("A1").contains("Neighbor Discovery from 6 to 255"));
        assert!(of("A4=5").contains("an MH Type from 8 to 255"));
        assert!(of("D2a=1").contains("without a number"));
        assert!(of("C6a=201").contains("without a meaning"));
    }
}

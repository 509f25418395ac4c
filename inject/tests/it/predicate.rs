//! Predicates over occurrences.

use std::collections::BTreeMap;

use mip6_inject::{Datum, Occurrence, Predicate};
use mip6_wire::layout::Value;

fn predicate(yaml: &str) -> Predicate {
    serde_yaml::from_str(yaml).unwrap_or_else(|e| panic!("{e}\n{yaml}"))
}

fn numbers(values: &[u64]) -> Vec<Occurrence<'static>> {
    let number = |v: &u64| Occurrence { value: Value::Uint { value: *v, hex_digits: 0 }, bits: 16 };
    values.iter().map(number).collect()
}

#[test]
fn each_condition_holds_and_fails() {
    let table: [(&str, &[u64], bool); 30] = [
        ("7", &[3, 7], true),
        ("7", &[3], false),
        ("'0x7'", &[7], true),
        ("{not: 7}", &[3], true),
        ("{not: 7}", &[3, 7], false),
        ("{not: 7}", &[], true),
        ("{below: 7}", &[6], true),
        ("{below: 7}", &[7], false),
        ("{above: 7}", &[8], true),
        ("{above: 7}", &[7], false),
        ("{at-least: 7}", &[7], true),
        ("{at-least: 7}", &[6], false),
        ("{at-most: 7}", &[7], true),
        ("{at-most: 7}", &[8], false),
        ("{in: [1, 7]}", &[7], true),
        ("{in: [1, 7]}", &[2], false),
        ("present", &[0], true),
        ("present", &[], false),
        ("absent", &[], true),
        ("absent", &[0], false),
        ("{count: 2}", &[5, 5], true),
        ("{count: 2}", &[5], false),
        ("{first: 1}", &[1, 2], true),
        ("{first: 2}", &[1, 2], false),
        ("{last: 2}", &[1, 2], true),
        ("{last: 1}", &[1, 2], false),
        ("{at-least: 2, at-most: 4}", &[1, 5], false),
        ("{at-least: 2, at-most: 4, count: 3}", &[1, 5, 3], true),
        ("{value: 65535, plus: 2}", &[1], true),
        ("{not: {value: 65535, plus: 2}}", &[1], false),
    ];
    for (yaml, values, holds) in table {
        assert_eq!(predicate(yaml).holds(&numbers(values), &()), Ok(holds), "{yaml} {values:?}");
    }
}

#[test]
fn values_of_other_kinds() {
    let one = |value| [Occurrence::derived(value)];
    let address = Value::Ipv6("2001:db8:a::7".parse().unwrap());
    let table = [
        ("2001:DB8:a:0::7", address, true),
        ("{within: '2001:db8:a::/48'}", address, true),
        ("{within: '2001:db8:b::/48'}", address, false),
        ("{within: '::/0'}", address, true),
        ("{within: '2001:db8:a::7'}", address, true),
        ("{within: 192.0.2.0/24}", Value::Ipv4("192.0.2.9".parse().unwrap()), true),
        ("02:00:00:00:00:01", Value::Link(&[2, 0, 0, 0, 0, 1]), true),
        ("abcd", Value::Bytes(&[0xab, 0xcd]), true),
        ("0xabcd", Value::Bytes(&[0xab, 0xcd]), true),
        ("true", Value::Bool(true), true),
        ("0", Value::Bool(true), false),
        ("mn@example.org", Value::Text(b"mn@example.org"), true),
        ("{below: 0}", Value::Int(-3), true),
        ("home.example", Value::Domain(b"\x04home\x07example\0"), true),
    ];
    for (yaml, value, holds) in table {
        assert_eq!(predicate(yaml).holds(&one(value), &()), Ok(holds), "{yaml} {value}");
    }
}

#[test]
fn what_cannot_be_judged_is_an_error() {
    let address = [Occurrence::derived(Value::Ipv6("::1".parse().unwrap()))];
    let table = [
        ("{above: '::'}", ":: cannot be compared, expected a number"),
        ("house", "house, expected an IPv6 address"),
        ("{within: 5}", "5 is no prefix, expected one such as 2001:db8::/32"),
        ("$gone", "$gone has no value here"),
        ("{count: many}", "many is no count, expected a number"),
    ];
    for (yaml, wanted) in table {
        assert_eq!(predicate(yaml).holds(&address, &()).unwrap_err().to_string(), wanted);
    }
}

#[test]
fn references_are_looked_up() {
    let scope =
        BTreeMap::from([("seq".to_owned(), Datum::from(Value::Uint { value: 9, hex_digits: 4 }))]);
    assert_eq!(predicate("$seq").holds(&numbers(&[9]), &scope), Ok(true));
    assert_eq!(predicate("{value: $seq, plus: -1}").holds(&numbers(&[8]), &scope), Ok(true));
}

#[test]
fn mistakes_are_told() {
    for (yaml, wanted) in [
        ("{beneath: 3}", "unknown field `beneath`"),
        ("{}", "an empty map"),
        ("{value: 3}", "missing field `plus`"),
        ("[1]", "expected a value, `present`, `absent`, or a map of conditions"),
    ] {
        let error = serde_yaml::from_str::<Predicate>(yaml).unwrap_err().to_string();
        assert!(error.contains(wanted), "{yaml}: {error}");
    }
}

#[test]
fn people_can_read_it() {
    let text = predicate("{at-least: $low, at-most: {value: $low, plus: 5}, not: 3}").to_string();
    assert_eq!(text, "at least $low, at most {value: $low, plus: 5}, not 3");
}

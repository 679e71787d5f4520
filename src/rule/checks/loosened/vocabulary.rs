//! Which names and places of calls hold a tolerance, and which way it is looser. Words only.

use crate::rule::assertion::{asserts, is_approximate};
use crate::words::{last_segment, words};

/// Which way a bound makes a comparison easier to pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Looser {
    Above,
    Below,
}

/// The parameters of functions that compare, by position; the value that holds where the argument is missing.
type Parameter = (&'static str, usize, Option<f64>);

const COMPARERS: &[(&str, &[Parameter])] = &[
    ("EXPECT_NEAR", &[("abs_error", 2, None)]),
    ("ASSERT_NEAR", &[("abs_error", 2, None)]),
    ("DoubleNear", &[("abs_error", 1, None)]),
    ("FloatNear", &[("abs_error", 1, None)]),
    ("WithinAbs", &[("abs_error", 1, None)]),
    ("WithinRel", &[("rel_error", 1, None)]),
    ("WithinULP", &[("ulps", 1, None)]),
    ("BOOST_CHECK_CLOSE", &[("tolerance", 2, None)]),
    ("BOOST_REQUIRE_CLOSE", &[("tolerance", 2, None)]),
    ("BOOST_CHECK_SMALL", &[("tolerance", 1, None)]),
    ("assertAlmostEqual", &[("places", 2, Some(7.0)), ("delta", 4, None)]),
    ("assertNotAlmostEqual", &[]),
    ("assert_almost_equal", &[("decimal", 2, Some(7.0))]),
    ("assert_array_almost_equal", &[("decimal", 2, Some(6.0))]),
    ("assert_approx_equal", &[("significant", 2, Some(7.0))]),
    ("assert_array_max_ulp", &[("ulps", 2, Some(1.0))]),
    ("assert_allclose", &[("rtol", 2, Some(1e-7)), ("atol", 3, Some(0.0))]),
    ("allclose", &[("rtol", 2, Some(1e-5)), ("atol", 3, Some(1e-8))]),
    ("assert_close", &[("rtol", 99, None), ("atol", 99, None)]),
    ("approx", &[("rel", 1, Some(1e-6)), ("abs", 2, Some(1e-12))]),
    ("assert_frame_equal", &[("rtol", 99, Some(1e-5)), ("atol", 99, Some(1e-8))]),
    ("assert_series_equal", &[("rtol", 99, Some(1e-5)), ("atol", 99, Some(1e-8))]),
    ("assert_with_pcc", &[("pcc", 2, None)]),
    ("comp_pcc", &[("pcc", 2, None)]),
    ("check_with_pcc", &[("pcc", 2, None)]),
    ("comp_allclose", &[("rtol", 2, None), ("atol", 3, None)]),
    ("epsilon", &[("epsilon", 0, None)]),
    ("margin", &[("margin", 0, None)]),
];

/// The parameters of a comparing function that are known by position.
pub(super) fn parameters(path: &str) -> &'static [Parameter] {
    let last = last_segment(path);
    // math's isclose has other names and defaults than numpy's.
    match (path, last) {
        ("math.isclose", _) => &[("rel_tol", 99, Some(1e-9)), ("abs_tol", 99, Some(0.0))],
        (_, "isclose") => parameters("allclose"),
        _ => COMPARERS.iter().find(|(name, _)| *name == last).map_or(&[], |(_, parameters)| parameters),
    }
}

/// True for a function whose named bounds are bounds of a comparison.
pub(super) fn compares(path: &str) -> bool {
    asserts(path) || is_approximate(path) || !parameters(path).is_empty() || {
        let words = words(last_segment(path));
        let has = |list: &[&str]| words.iter().any(|w| list.contains(&w.as_str()));
        has(&[
            "compare", "comp", "check", "verify", "validate", "equal", "close", "approx", "allclose",
            "isclose", "pcc", "near",
        ])
    }
}

/// Which way the bound of that name is looser; `None` for a name that is no bound.
pub(super) fn looser(name: &str) -> Option<Looser> {
    let words = words(name);
    let has = |list: &[&str]| words.iter().any(|w| list.contains(&w.as_str()));
    if has(&["places", "decimal", "decimals", "significant", "pcc", "psnr", "ssim"]) {
        return Some(Looser::Below);
    }
    let score = has(&[
        "accuracy",
        "acc",
        "score",
        "similarity",
        "cosine",
        "iou",
        "recall",
        "precision",
        "f1",
        "correlation",
    ]);
    if score {
        let floor = has(&["min", "minimum", "threshold", "expected", "required", "target", "floor", "lower"]);
        return floor.then_some(Looser::Below);
    }
    let named =
        has(&["atol", "rtol", "tol", "tolerance", "tolerances", "epsilon", "eps", "ulps", "ulp", "slack"]);
    let of_error = has(&["error", "err", "diff", "difference", "delta", "deviation", "distance"])
        && has(&[
            "max",
            "maximum",
            "abs",
            "rel",
            "absolute",
            "relative",
            "allowed",
            "threshold",
            "tolerated",
        ]);
    let bare =
        matches!(words.as_slice(), [one] if matches!(one.as_str(), "abs" | "rel" | "delta" | "margin"));
    (named || of_error || bare).then_some(Looser::Above)
}

/// A name that is a bound of a comparison wherever it stands, and not only where something is compared.
pub(super) fn is_plain(name: &str) -> bool {
    let words = words(name);
    words.iter().any(|w| {
        matches!(
            w.as_str(),
            "atol"
                | "rtol"
                | "tol"
                | "tolerance"
                | "tolerances"
                | "pcc"
                | "places"
                | "slack"
                | "epsilon"
                | "eps"
                | "ulps"
        )
    }) || (words.len() > 1 && looser(name).is_some())
}

//! What identifies a finding from one run to the next: the rule, the file and the text of its lines, not their numbers,
//! so that lines put in above change nothing. The same twice in a file is told apart by its count.

use std::collections::HashMap;

use crate::digest;
use crate::finding::{Finding, Place};

/// One word of 32 hexadecimal digits for each finding, in their order.
pub(super) fn fingerprints(findings: &[Finding]) -> Vec<String> {
    let mut seen: HashMap<u128, u64> = HashMap::new();
    let one = |finding| {
        let hash = identity(finding);
        let count = seen.entry(hash).or_default();
        *count += 1;
        let first = format!("{hash:032x}");
        if *count == 1 { first } else { format!("{:032x}", digest::of([&*first, &count.to_string()])) }
    };
    findings.iter().map(one).collect()
}

fn identity(finding: &Finding) -> u128 {
    let text = match &finding.place {
        Some(Place { region: Some(region), .. }) => {
            let (start, end) = (region.span.start as usize, region.span.end as usize);
            let from = region.text.get(..start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
            let to = region
                .text
                .get(end..)
                .and_then(|after| after.find('\n'))
                .map_or(region.text.len(), |at| end + at);
            region.text.get(from..to).unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
        }
        Some(Place { region: None, .. }) => String::new(),
        None => finding.message.clone(),
    };
    let path = finding.place.as_ref().map_or("", |place| place.path.as_str());
    digest::of([finding.rule, path, &text])
}

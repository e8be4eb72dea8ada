#!/usr/bin/env python3
"""Writes METRICS.md from the metrics that the code declares in shared/lambda-kit/src/metrics.rs."""

import dataclasses
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent
SOURCE = "shared/lambda-kit/src/metrics.rs"


@dataclasses.dataclass
class Metric:
    name: str
    text: str
    labels: list
    outcomes: list

    def values(self, label):
        """The values that the documentation names for a label; the closed list `Outcome` where it says so."""
        part = re.search(rf"`{label}`(.*?)(?=; `|\. |$)", self.text.replace(".\n", ". "))
        text = part[1] if part else ""
        named = re.findall(r"`([a-z_.]+)`", text)
        if "Outcome" in text:
            named = self.outcomes
        if label == "platform":
            named = ["x", "youtube"]
        if label == "kind" and not named:
            named = action_kinds()
        return named


    def statistic(self):
        """Counters are added up; of what is measured now and then, the highest tells."""
        return "Maximum" if "_seconds" in self.name or "_hours" in self.name or "_waiting" in self.name else "Sum"


def action_kinds():
    text = (ROOT / "shared/rules/src/action.rs").read_text()
    return re.findall(r'ActionKind::\w+ => "(\w+)"', text) or re.findall(r'"(\w+)"', text)


def metrics(root):
    text = (root / SOURCE).read_text()
    outcomes = re.findall(r'Outcome::\w+ => "(\w+)"', text)
    found = {}
    for comment, name in re.findall(r'((?:^/// .*\n)+)pub const \w+: &str = "(\w+)";', text, re.M):
        prose = " ".join(line.removeprefix("///").strip() for line in comment.splitlines())
        if name == "Sekisho":
            continue
        labels = prose.split("Label", 1)[1] if "Label" in prose else ""
        # A label opens its part of the sentence: "`outcome` is …", "`platform`", "`outcome`, see …".
        parts = [re.match(r"(?:s?: )?`(\w+)`(?! (?:and|or|are)|, `)", part) for part in labels.split("; ")]
        names = [part[1] for part in parts if part]
        found[name] = Metric(name, prose, names, outcomes)
    return found


def page(root):
    rows = [f"| `{m.name}` | {m.text.replace('[`Outcome`]', 'below').replace('|', chr(92) + '|')} |" for m in metrics(root).values()]
    text = (root / SOURCE).read_text()
    outcomes = re.search(r"pub enum Outcome \{\n(.*?)\n\}", text, re.S)[1]
    keys = dict(re.findall(r'Outcome::(\w+) => "(\w+)"', text))
    listed = [f"| `{keys[name]}` | {' '.join(re.findall(r'/// (.*)', comment))} |" for comment, name in re.findall(r"((?:\s*/// .*\n)+)\s*(\w+),", outcomes + ",")]
    return "\n".join(
        [
            "# Metrics",
            "",
            f"Made by `infra/metrics.py` from `{SOURCE}`.",
            "",
            "Every function writes what it counted after each invocation as one line of CloudWatch's embedded metric format, in the",
            "namespace `Sekisho`. The function's name is the dimension `function` of each; labels are dimensions too, with few, closed",
            "values, since CloudWatch bills every combination.",
            "",
            "| metric | what it counts |",
            "|---|---|",
            *rows,
            "",
            "## Outcomes of a delivery",
            "",
            "| `outcome` | meaning |",
            "|---|---|",
            *listed,
            "",
        ]
    )


if __name__ == "__main__":
    (ROOT / "infra/METRICS.md").write_text(page(ROOT))

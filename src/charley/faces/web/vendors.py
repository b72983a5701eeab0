"""How to ask each maker for one's runs: the steps to all of them at once, and to a single run.

The same makers as in docs/reading.md, which says what of each archive is read.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from charley.faces.report.pictures import ask_steps


@dataclass(frozen=True, slots=True)
class Step:
    """One step: where it happens, the words to look for there, and what to do, in a sentence."""

    where: str
    label: str
    say: str


@dataclass(frozen=True, slots=True)
class Vendor:
    """A maker: what to expect in a few words, the steps to the files, and how one run alone is had."""

    name: str
    expect: str
    steps: tuple[Step, ...]
    one: str = ""


_HERE = Step("here", "the zip as it is", "Drop the file on this page, above. No need to unpack it.")
_HERE_FILES = Step("here", "the files", "Drop them on this page, above. All at once, if you like.")


def _mail(say: str = "Wait for the email and follow its link; it can take a day or more.") -> Step:
    return Step("mail", "your files are ready", say)


VENDORS = (
    Vendor(
        "Garmin", "all runs; by email, often after a day or more",
        (
            Step("web", "Account", "Sign in on the website and open your account settings."),
            Step("web", "Export Your Data", "Choose it, and ask for the export."),
            _mail(), _HERE,
        ),
        "Open the run on the website, the gear, Export File. Or plug the watch in: folder GARMIN/Activity.",
    ),
    Vendor(
        "Strava", "all runs; by email, after some hours",
        (
            Step("web", "Settings, My Account", "Open it on the website; the app doesn’t have it."),
            Step("web", "Download or Delete Your Account", "Despite its name this is the way to your files."),
            Step("web", "Request Your Archive", "That’s step 2 there. Stop before step 3, which deletes the account."),
            _mail("Wait for the email and follow its link."), _HERE,
        ),
        "Open the run, the three dots, Export Original.",
    ),
    Vendor(
        "Apple Watch", "all runs; at once, from the phone",
        (
            Step("phone", "your picture", "Open the Health app and touch your picture, top right."),
            Step("phone", "Export All Health Data", "At the very end of that page. It takes a few minutes."),
            Step("computer", "export.zip", "Send the file to this computer."),
            _HERE,
        ),
        "An app that writes FIT files from your workouts.",
    ),
    Vendor(
        "Polar", "all runs; from the website",
        (
            Step("web", "Account", "Sign in on Polar’s website and open your account."),
            Step("web", "Download your data", "Ask for it there."),
            _mail("Wait until it’s ready, then save it."), _HERE,
        ),
        "On Flow, open the run, Export, TCX.",
    ),
    Vendor(
        "Suunto", "run by run, in the app; all of them through Strava",
        (
            Step("phone", "a run, its menu", "Open the run in the app, then the menu at its top."),
            Step("phone", "Export FIT file", "Choose the FIT file where there is a choice."),
            Step("computer", "a folder of runs", "Send each to this computer."),
            _HERE_FILES,
        ),
        "If your runs also go to Strava, its archive has all of them.",
    ),
    Vendor(
        "COROS", "run by run, in the app; all of them through Strava",
        (
            Step("phone", "a run, share", "Open the run in the app or in the Training Hub."),
            Step("phone", "Export Data, FIT", "Choose FIT."),
            Step("computer", "a folder of runs", "Send each to this computer."),
            _HERE_FILES,
        ),
        "If your runs also go to Strava, its archive has all of them.",
    ),
    Vendor(
        "Samsung Health", "all runs; at once, from the phone",
        (
            Step("phone", "Settings", "Open the app’s settings."),
            Step("phone", "Download personal data", "It writes a folder onto the phone."),
            Step("computer", "Samsung Health", "Copy that folder to this computer."),
            Step("here", "the whole folder", "Drop the folder on this page, above."),
        ),
    ),
    Vendor(
        "Google Fit", "all runs; by email",
        (
            Step("web", "Google Takeout", "Sign in on Takeout with your account."),
            Step("web", "Deselect all, then tick Fit", "Everything else can stay where it is."),
            Step("web", "Create export", "Ask for a zip."),
            _mail("Wait for the email and save the file."), _HERE,
        ),
    ),
    Vendor(
        "Huawei Health", "all runs; by email, with a password",
        (
            Step("phone", "Privacy Centre", "In the app: your account, then Privacy Centre."),
            Step("phone", "Request Your Data", "Choose Health, and set the password that it asks for."),
            _mail("Wait for the email and save the file."),
            Step("computer", "unpack it", "Unpack it with your password; we never ask for it."),
            Step("here", "the folder", "Drop the unpacked folder on this page, above."),
        ),
    ),
    Vendor(
        "Runkeeper", "all runs; from the website",
        (
            Step("web", "Settings", "Sign in on the website and open the settings."),
            Step("web", "Export Data", "Choose the dates, and save the file."),
            _HERE,
        ),
    ),
    Vendor(
        "Nike Run Club", "all runs; on request, after some days",
        (
            Step("web", "a request for your data", "Ask for it through the help on Nike’s website."),
            _mail("Wait for their answer and save the files."), _HERE_FILES,
        ),
    ),
    Vendor(
        "Health Connect (Android)", "what your apps share; at once",
        (
            Step("phone", "Settings, Health Connect", "Open the phone’s settings and look for Health Connect."),
            Step("phone", "Export", "Under backup and restore."),
            Step("computer", "Health Connect.zip", "Send the file to this computer."),
            _HERE,
        ),
    ),
)  # fmt: skip


def shown() -> list[dict[str, object]]:
    """The makers for the template, each step with its picture."""
    return [
        {
            "name": vendor.name,
            "expect": vendor.expect,
            "one": vendor.one,
            "steps": [
                (Markup(ask_steps.draw(f"v{v}-{n}", s.where, s.label).svg(f"Step {n + 1}", s.label, "step")), s.say)
                for n, s in enumerate(vendor.steps)
            ],
        }
        for v, vendor in enumerate(VENDORS)
    ]

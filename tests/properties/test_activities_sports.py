"""What exports call a sport, in any language; and what is a run for the journal. Words are those of the platforms."""

from __future__ import annotations

import tomllib
from collections import Counter
from importlib.resources import files

import pytest

from charley.activities.fit.profile import SPORTS
from charley.activities.sports import sport_of, sport_of_name

WORDS = {
    "running": """Run, Trail Run, VirtualRun, trail_running, treadmill_running,
        HKWorkoutActivityTypeRunning, Lauf, Laufen, Traillauf, Laufband, Lauf am Morgen,
        Course à pied, Carrera, Correr, Corsa, Corrida, Hardlopen, Bieganie, Löpning, Løb,
        Løping, Juoksu, Běh, Futás, Alergare, Koşu, Бег, Біг, Τρέξιμο, ランニング, ラン, 跑步, 러닝,
        달리기, วิ่ง, جري, ריצה, 9""",
    "cycling": """Ride, EBikeRide, E-Bike Ride, road_biking, Mountain Bike Ride, Virtual Ride, Trail
        Ride, Radfahren, Radfahrt, Radtour, Rennrad, Mountainbiken, Vélo, Sortie vélo, VTT,
        Cyclisme, Ciclismo, Bicicleta, Pedalada, Fietsen, Fietsrit, Kolarstwo, Jazda na
        rowerze, Cykling, Sykling, Pyöräily, Cyklistika, Kerékpározás, Bisiklet, Велосипед,
        Велозаезд, Ποδηλασία, ライド, 骑行, 라이딩, 1""",
    "walking": """Walk, Nordic Walking, Spaziergang, Gehen, Marche, Caminata, Camminata, Caminhada,
        Wandelen, Wandeling, Spacer, Kävely, Chůze, Yürüyüş, Ходьба, ウォーキング, 步行, 걷기""",
    "hiking": """Hike, Wandern, Wanderung, Randonnée, Senderismo, Escursionismo, Vandring,
        Patikointi, Поход, ハイキング, 徒步, 하이킹""",
    "swimming": """Swim, lap_swimming, Open Water Swimming, Schwimmen, Natation, Natación, Nuoto,
        Natação, Zwemmen, Pływanie, Simning, Uinti, Плавание, 水泳, 游泳""",
    "cross_country_skiing": "Nordic Ski, Skilanglauf, Ski de fond, Hiihto",
    "ice_skating": "Eislaufen, Schlittschuhlaufen, Ice Skate",
    "inline_skating": "Inline Skate, Inlineskaten",
    "driving": "Car, Bus",
    "": "Other, Sonstiges, x, Cardio, Activity, 7 km",
}


@pytest.mark.parametrize(
    ("text", "sport"), [(" ".join(text.split()), sport) for sport, texts in WORDS.items() for text in texts.split(",")]
)
def test_a_word_of_a_platform_names_its_sport(text: str, sport: str) -> None:
    assert sport_of(text) == sport


def test_every_sport_of_the_table_is_one_of_fit_and_no_word_stands_twice() -> None:
    table = tomllib.loads((files("charley.activities") / "sport_words.toml").read_text(encoding="utf-8"))
    assert set(table) <= set(SPORTS.values())
    entries = Counter(entry.lstrip("~=") for words in table.values() for entry in words)
    assert [word for word, count in entries.items() if count > 1] == []


@pytest.mark.parametrize(
    ("name", "sport"),
    [
        ("Running 4/6/25 9:15 am", "running"),
        ("Cycling 5/8/25 7:05 pm", "cycling"),
        ("Bike path run", ""),
        ("Ride or die", ""),
    ],
)
def test_a_name_counts_where_it_is_a_sport_and_a_date(name: str, sport: str) -> None:
    assert sport_of_name(name) == sport

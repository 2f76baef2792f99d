"""Words of a made-up community."""

FIRST = ["Ada", "Ben", "Chiara", "Dorota", "Emre", "Fatima", "Gabor", "Hana", "Ines", "Jakub", "Kofi", "Lena", "Mateus", "Nadia", "Owen", "Priya", "Quentin", "Rosa", "Sven", "Tomasz", "Uma", "Viktor", "Wanda", "Xenia", "Yara", "Zoe"]  # fmt: skip
LAST = ["Abara", "Brandt", "Costa", "Dvorak", "Eriksen", "Farouk", "Greene", "Huang", "Ivanova", "Jansen", "Kowalska", "Lindqvist", "Moreau", "Nakamura", "Okafor", "Petrov", "Quist", "Rossi", "Santos", "Tanaka", "Umar", "Vega", "Weber", "Xu", "Yilmaz", "Zielinski", "Almeida", "Brennan", "Castellano", "Duarte"]  # fmt: skip
NOUNS = [
    "crane",
    "scale",
    "yard",
    "gate",
    "ledger",
    "ferry",
    "winch",
    "silo",
    "tender",
    "manifest",
    "berth",
    "pallet",
    "sensor",
    "hopper",
    "quay",
    "tally",
    "truck",
    "barge",
    "lantern",
    "conveyor",
]
VERBS = [
    "weighed",
    "moved",
    "found",
    "repaired",
    "lifted",
    "counted",
    "missed",
    "measured",
    "carried",
    "forgot",
    "answered",
    "painted",
]
PLACES = ["Bristol", "Rotterdam", "Krakow", "Singapore", "Halifax", "Curitiba", "Gdynia", "Antwerp", "Santos", "Leith"]
SKILLS = [
    "welding",
    "python",
    "forecasting",
    "negotiation",
    "firmware",
    "calibration",
    "logistics",
    "accounting",
    "planning",
    "teaching",
    "sailing",
    "sql",
]
TITLES = [
    "Engineer",
    "Field technician",
    "Yard planner",
    "Account manager",
    "Firmware lead",
    "Controller",
    "Support lead",
    "Analyst",
]

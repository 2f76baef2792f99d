"""Words of a made-up community."""

FIRST = (
    "Ada Ben Chiara Dorota Emre Fatima Gabor Hana Ines Jakub Kofi Lena Mateus Nadia Owen Priya Quentin Rosa Sven Tomasz Uma Viktor Wanda Xenia Yara Zoe"
).split()  # fmt: skip
LAST = (
    "Abara Brandt Costa Dvorak Eriksen Farouk Greene Huang Ivanova Jansen Kowalska Lindqvist Moreau Nakamura Okafor Petrov Quist Rossi Santos Tanaka Umar Vega"
    " Weber Xu Yilmaz Zielinski Almeida Brennan Castellano Duarte"
).split()  # fmt: skip
NOUNS = "crane scale yard gate ledger ferry winch silo tender manifest berth pallet sensor hopper quay tally truck barge lantern conveyor".split()
VERBS = "weighed moved found repaired lifted counted missed measured carried forgot answered painted".split()
PLACES = "Bristol Rotterdam Krakow Singapore Halifax Curitiba Gdynia Antwerp Santos Leith".split()
SKILLS = "welding python forecasting negotiation firmware calibration logistics accounting planning teaching sailing sql".split()
TITLES = ["Engineer", "Field technician", "Yard planner", "Account manager", "Firmware lead", "Controller", "Support lead", "Analyst"]

"""What people are called and what they are called in full: somebody who looks for Bob means Robert too.

A table of our own making, of the names that are shortened beyond their beginning; "Chris" finds Christopher anyway.
"""

from __future__ import annotations

from portal.core.text import fold

GROUPS = """
abigail abby gail; aleksandr alexander alexandra alexandros sasha sandy alex alec sandro; alice ali; amanda mandy;
andrew andreas andrzej andy drew; anna ann anne anya annie nancy hanna hannah; anthony antonio tony toni; barbara babs barb basia;
benjamin ben benny; catherine katherine kathryn katarzyna katharina ekaterina cathy kathy kate katie kasia katya kit kitty trina;
charles carl karl carlos charlie chuck; christine christina kristina chris chrissie tina; christopher kristof chris kit topher;
cynthia cindy; daniel danny dan; david dave davey; deborah debbie deb; dmitri dmitry dima mitya; dorothy dorothea dorota dot dottie dolly;
edward eduard eddie ed ned ted teddy; eleanor elinor helen helena elena ellie nell lena; elizabeth elisabeth elzbieta beth bess betty
eliza elise ela liz lizzie libby lisa lily; emily em emmy; evgeny eugene zhenya gene; florence flo florrie; francis francesco franz frank
frankie; frances francesca fran fanny; frederick friedrich fred freddie fritz; gabriel gabe; george georg jorge yuri geordie;
gerald gerard gerry jerry; gertrude trudy; grigory gregory greg grisha; harold harry hal; henry heinrich enrique harry hank hal heinz;
irene irina ira; isabella isabel isobel bella izzy; jacob jakob jake kuba; jacqueline jackie; james jamie jim jimmy jem; jane janet jean
jeannie; jennifer jenny jen; jessica jess jessie; joanna johanna joan jo asia; john johann ivan jan juan jack johnny vanya; jonathan jon
jonny; joseph josef jose joe joey pepe; josephine jo josie; judith judy; julia julie yulia jules; katerina kat; kenneth ken kenny;
lawrence laurence lorenzo larry laurie; leonard leon len lenny; lewis louis luis lou louie; lydia lidia; magdalena magda maggie;
margaret margarita malgorzata maggie meg megan peggy daisy greta rita gosia; martha marta patty; mary maria marie mariya molly polly
mae mimi masha maya; matthew mateusz matthias matt matty; maxim maximilian max; melissa mel missy; michael mikhail miguel michal mike
mick mickey misha; mildred millie; natalia natalie natalya natasha nat; nicholas nikolai nicolas nikolaos nick nicky kolya klaus colin;
nicola nicole nikki; olga olya; pamela pam; patricia pat patty tricia trish; patrick paddy pat rick; pavel paul pablo pasha; peter petr
pedro piotr pete petya; philip philippe phil pip; rebecca becky becca; reginald reg reggie; richard ricardo dick rick ricky rich richie;
robert roberto bob bobby rob robbie robin; albert adalbert herbert hubert bertram norbert bert bertie;
roger rodge; ronald ron ronnie; rosemary rosie rose; russell russ; samantha sam; samuel
sam sammy; sarah sara sally sadie; sergei sergey sergio seryozha; stanislaw stanislav stan staszek; stephen steven stefan esteban steve
stevie; susan suzanne susanna zuzanna sue susie; svetlana sveta lana; tatiana tatyana tanya tania; teresa theresa terry tess tessa;
theodore fyodor ted teddy theo fedya; thomas tomasz tom tommy tomek; timothy timofey tim timmy; valentine val; veronica vera ronnie;
victor viktor vic vitya; victoria viktoria vicky tori vika; vincent vince vinnie; vladimir volodymyr vlad vova volodya; walter walt wally;
wilhelmina mina minnie billie; william wilhelm guillermo bill billy will willie liam wim; winifred winnie freda; zachary zach zack
"""


def _table() -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for group in GROUPS.split(";"):
        names = [fold(name) for name in group.split()]
        for name in names:
            found.setdefault(name, {}).update(dict.fromkeys(other for other in names if other != name))
    return {name: tuple(others) for name, others in found.items()}


_NAMES = _table()


def also_called(word: str) -> tuple[str, ...]:
    """Other names that a person may have who is looked for by this one; none for most words."""
    return _NAMES.get(word, ())

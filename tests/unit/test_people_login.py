"""People log in with what only they have, and with nothing that was seen once."""

import pyotp
import pytest

from digitizer.chart.people import GRANTS, Permission, Role, User
from digitizer.errors import AccessError, UsageError
from digitizer.operations import login, users
from digitizer.operations.home import init
from digitizer.operations.house import open_house
from digitizer.operations.permit import keeper, require
from digitizer.people import limits
from digitizer.store import audit

NOW = 1_800_000_000.0
GOOD = "correct horse battery"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return init(tmp_path_factory.mktemp("home"))


@pytest.fixture
def house(home):
    with open_house(home) as house:
        yield house


def _person(house, name, *roles):
    made = users.add(house, keeper(house), name, frozenset(roles), now=NOW)
    users.change_password(house, made.user, GOOD)
    return users.user_of(house, name, now=NOW)


def test_the_first_administrator_is_made_once_and_may_only_change_the_password(house):
    first = users.first_administrator(house, now=NOW)
    assert users.first_administrator(house, now=NOW) is None
    who = login.authenticate(house, "admin", first.password, now=NOW)
    with pytest.raises(AccessError, match="password of your own"):
        require(who, Permission.MANAGE_USERS)
    users.change_password(house, who, GOOD)
    with pytest.raises(AccessError):
        login.authenticate(house, "admin", first.password, now=NOW)
    require(login.authenticate(house, "admin", GOOD, now=NOW), Permission.MANAGE_USERS)
    with pytest.raises(AccessError, match="no administrator"):
        users.disable(house, keeper(house), "admin", now=NOW)


def test_five_wrong_passwords_lock_out_even_the_right_one_for_a_while(house):
    _person(house, "lou", Role.CODER)
    for _ in range(limits.TRIES):
        with pytest.raises(AccessError):
            login.authenticate(house, "lou", "wrong" * 3, now=NOW)
    with pytest.raises(AccessError):
        login.authenticate(house, "lou", GOOD, now=NOW + limits.LOCKED - 1)
    assert login.authenticate(house, "lou", GOOD, now=NOW + limits.LOCKED + 1).name == "lou"


def test_a_one_time_code_opens_once(house):
    who = _person(house, "tess", Role.CODER)
    secret, _ = users.offer_codes(who)
    users.use_codes(house, who, secret, pyotp.TOTP(secret).at(NOW), now=NOW)
    later = NOW + 60
    code = pyotp.TOTP(secret).at(later)
    with pytest.raises(AccessError):
        login.login(house, "tess", GOOD, "", now=later)
    with pytest.raises(AccessError):  # the code that was used to switch codes on
        login.login(house, "tess", GOOD, pyotp.TOTP(secret).at(NOW), now=NOW + 20)
    login.login(house, "tess", GOOD, code, now=later)
    with pytest.raises(AccessError):
        login.login(house, "tess", GOOD, code, now=later + 5)


def test_a_session_ends_when_idle_when_long_at_logout_and_when_the_person_leaves(house):
    _person(house, "sam", Role.CODER)
    start = lambda: login.login(house, "sam", GOOD, now=NOW).token  # noqa: E731 - four times below
    idle = start()
    assert login.who_is(house, idle, now=NOW + limits.IDLE - 1).name == "sam"
    with pytest.raises(AccessError):
        login.who_is(house, idle, now=NOW + 2 * limits.IDLE)
    busy, at = start(), NOW
    while at < NOW + limits.LONGEST - limits.IDLE:
        at += limits.IDLE - 1
        login.who_is(house, busy, now=at)
    with pytest.raises(AccessError):
        login.who_is(house, busy, now=NOW + limits.LONGEST)
    left, gone = start(), start()
    login.logout(house, left, now=NOW)
    with pytest.raises(AccessError):
        login.who_is(house, left, now=NOW)
    users.disable(house, keeper(house), "sam", now=NOW)
    for token in (gone, "made up"):
        with pytest.raises(AccessError):
            login.who_is(house, token, now=NOW)
    with pytest.raises(AccessError):
        login.authenticate(house, "sam", GOOD, now=NOW)


def test_a_page_that_refreshes_itself_keeps_no_session_alive(house):
    _person(house, "quin", Role.CODER)
    begun = login.login(house, "quin", GOOD, now=0.0)
    for now in range(60, int(limits.IDLE), 60):
        login.who_is(house, begun.token, now=float(now), quietly=True)
    with pytest.raises(AccessError, match="over"):
        login.who_is(house, begun.token, now=limits.IDLE + 1, quietly=True)


def test_a_name_is_never_given_twice(house):
    _person(house, "kim", Role.CODER)
    users.disable(house, keeper(house), "kim", now=NOW)
    with pytest.raises(UsageError, match="twice"):
        users.add(house, keeper(house), "kim", frozenset(), now=NOW)


def test_broken_glass_opens_charts_for_a_time_with_a_reason_in_the_trail(house):
    who = _person(house, "root2", Role.ADMINISTRATOR)
    assert not who.may(Permission.VIEW)
    with pytest.raises(UsageError, match="say why"):
        users.break_glass(house, who, "x", now=NOW)
    until = users.break_glass(house, who, "ward 3 is without its own system", now=NOW)
    assert users.user_of(house, "root2", now=until - 1).may(Permission.VIEW)
    assert not users.user_of(house, "root2", now=until).may(Permission.VIEW)
    with house.store.read() as tx:
        assert audit.newest(tx, 1)[0].action == "break glass"
    with pytest.raises(AccessError):
        users.break_glass(house, _person(house, "coder3", Role.CODER), "curious about it", now=NOW)


def test_neither_passwords_nor_tokens_nor_guesses_are_kept(house):
    _person(house, "ned", Role.CODER)
    token = login.login(house, "ned", GOOD, now=NOW).token
    with pytest.raises(AccessError):
        login.authenticate(house, "a guess that is a password", "pass-as-name", now=NOW)
    data = b"".join(path.read_bytes() for path in house.home.data.glob("charts.sqlite*"))
    for word in (GOOD, token, "a guess that is a password", "pass-as-name"):
        assert word.encode() not in data


@pytest.mark.parametrize("permission", Permission)
def test_every_permission_is_some_role_s_and_nobody_has_it_without(permission):
    assert any(permission in granted for granted in GRANTS.values())
    assert not User(id=1, name="new").may(permission)
    everything = frozenset(Role)
    assert User(id=1, name="all", roles=everything).may(permission)
    assert not User(id=1, name="left", roles=everything, disabled=True).may(permission)
    assert not User(id=1, name="new", roles=everything, must_change=True).may(permission)


def test_who_reviews_a_second_time_cannot_sign_off_and_who_runs_the_machine_reads_no_charts():
    assert Permission.SIGN_OFF in GRANTS[Role.CODER]
    assert all(Permission.SIGN_OFF not in GRANTS[role] for role in Role if role != Role.CODER)
    assert Permission.VIEW not in GRANTS[Role.ADMINISTRATOR]

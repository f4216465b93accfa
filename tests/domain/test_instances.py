import pytest

from korob.domain import instances, marking
from korob.domain.instances import (
    CisRepeated,
    GtdWithoutCountry,
    InstanceWithoutCode,
    InvalidCis,
    InvalidGtd,
    InvalidRnpt,
    InvalidUin,
    TooManyCises,
    TooManyInstances,
    TooManyUins,
    UinRepeated,
    UnknownCountry,
)
from korob.domain.order import Instance
from tests.examples import a_cis, a_uin

GTD = "10702070/220426/0110023"
RNPT = "10129020/270726/0000123/001"


def check(*given, units=10, **more):
    instances.check(7, given, units=units, **more)


@pytest.mark.parametrize(
    "instance",
    [
        Instance(cis=a_cis()),
        Instance(uin=a_uin()),
        Instance(uin="0000000000000001"),
        Instance(rnpt=RNPT),
        Instance(rnpt="1/2/3/4"),
        Instance(gtd=GTD, country_code="CN"),
        Instance(cis=a_cis(), country_code="RU"),
        Instance(cis=a_cis(), rnpt=RNPT, gtd=GTD, country_code="TR", uin=a_uin()),
    ],
)
def test_a_unit_is_identified_by_one_code_or_several(instance):
    check(instance)


@pytest.mark.parametrize(
    ("instance", "refusal"),
    [
        (Instance(), InstanceWithoutCode),
        (Instance(country_code="RU"), InstanceWithoutCode),
        (Instance(cis=""), InvalidCis),
        (Instance(cis="01046000AB34567821xyz12!"), InvalidCis),
        (Instance(uin="460000000000000"), InvalidUin),
        (Instance(uin="46000000000000001"), InvalidUin),
        (Instance(uin="460000000000000A"), InvalidUin),
        (Instance(uin="٤600000000000001"), InvalidUin),
        (Instance(uin=a_uin() + "\n"), InvalidUin),
        (Instance(rnpt=GTD), InvalidRnpt),
        (Instance(rnpt=""), InvalidRnpt),
        (Instance(gtd=RNPT, country_code="RU"), InvalidGtd),
        (Instance(gtd="10702070/220426/", country_code="RU"), InvalidGtd),
        (Instance(gtd=GTD), GtdWithoutCountry),
        (Instance(gtd=GTD, country_code="XX"), UnknownCountry),
        (Instance(gtd=GTD, country_code="ru"), UnknownCountry),
        (Instance(cis=a_cis(), country_code="ZZ"), UnknownCountry),
    ],
)
def test_a_code_that_can_not_be_is_refused(instance, refusal):
    with pytest.raises(refusal):
        check(instance)


def test_a_refused_cis_names_the_position_and_the_reason():
    with pytest.raises(InvalidCis) as refusal:
        check(Instance(cis=" "))

    assert str(refusal.value) == "Invalid incoming cis for item with id = 7 for reason: the code is empty"


def test_a_refused_country_is_named():
    with pytest.raises(UnknownCountry) as refusal:
        check(Instance(gtd=GTD, country_code="XX"))

    assert str(refusal.value) == "String XX is not a valid country code according to ISO 3166-1 alpha-2"


def test_how_strict_to_be_about_a_cis_is_said_by_the_caller():
    check(Instance(cis="01046000AB34567821xyz12!"), cis_fault=marking.gross_fault)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ((Instance(uin=a_uin(1)), Instance(cis=a_cis(2))), TooManyCises),
        ((Instance(uin=a_uin(1)), Instance(uin=a_uin(2))), TooManyUins),
        ((Instance(rnpt=RNPT), Instance(rnpt=RNPT)), TooManyInstances),
    ],
)
def test_there_is_at_most_one_instance_for_a_unit(given, refusal):
    check(*given, units=2)
    with pytest.raises(refusal):
        check(*given, units=1)


@pytest.mark.parametrize("again", [a_cis(1), a_cis(1, tail=""), "(01)04600012345678(21)500001"])
def test_a_cis_belongs_to_one_unit_however_it_is_written(again):
    with pytest.raises(CisRepeated):
        instances.must_differ(7, (Instance(cis=a_cis(1)), Instance(cis=again)))


def test_a_uin_belongs_to_one_unit():
    with pytest.raises(UinRepeated):
        instances.must_differ(7, (Instance(uin=a_uin()), Instance(uin=a_uin())))


def test_units_of_one_batch_share_their_declaration():
    batch = Instance(rnpt=RNPT, gtd=GTD, country_code="CN")

    check(batch, batch)
    instances.must_differ(7, (batch, batch))

"""What the code authority answers in a world, through the sandbox's API: rules, looked at, set and taken away."""

from datetime import timedelta
from typing import Final

from korob.domain import authority
from korob.domain.authority import Rule
from korob.domain.words import CodeStatus, InstanceType
from korob.operator.endpoint import Call
from korob.sandbox import durations, wire
from korob.sandbox.worlds import world_id
from korob.store import code_rules

NEVER: Final = "never"


async def get(call: Call) -> wire.AuthorityAnswer:
    """Show the rules."""
    return _spelt(await code_rules.of_world(call.services.database, world_id(call)))


async def put(call: Call) -> wire.AuthorityAnswer:
    """Have the authority keep to these rules, and to none of those before."""
    rules = authority.checked([_rule(rule, index) for index, rule in enumerate(call.body.rules)])
    return _spelt(await _set(call, rules))


async def delete(call: Call) -> wire.AuthorityAnswer:
    """Have it judge by the structure of codes again."""
    return _spelt(await _set(call, ()))


async def _set(call: Call, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    world = world_id(call)
    await code_rules.set_rules(call.services.database, world, rules)
    call.services.keys.forget_business(world)
    return rules


def _rule(sent: wire.CodeRule, index: int) -> Rule:
    return Rule(
        type=InstanceType(sent.type) if sent.type else None,
        value=sent.value,
        prefix=sent.prefix,
        offer_id=sent.offer_id,
        status=sent.status,
        substatus=sent.substatus,
        delay=_delay(sent.delay, f"rules[{index}].delay"),
    )


def _delay(sent: str | None, name: str) -> timedelta | None:
    if sent is None:
        return authority.CHECK_TAKES
    return None if sent.lower() == NEVER else durations.parse(sent, name)


def _spelt(rules: tuple[Rule, ...]) -> wire.AuthorityAnswer:
    return wire.AuthorityAnswer(tuple(map(_spelt_rule, rules)))


def _spelt_rule(rule: Rule) -> wire.CodeRule:
    delay = None if rule.status is CodeStatus.IN_PROGRESS else rule.delay
    return wire.CodeRule(
        type=rule.type and rule.type.value,  # type: ignore[arg-type]
        value=rule.value,
        prefix=rule.prefix,
        offer_id=rule.offer_id,
        status=rule.status,
        substatus=rule.substatus,
        delay=NEVER if delay is None else durations.spelt(delay),
    )

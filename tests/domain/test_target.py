"""Where a subscription may point."""

import pytest

from korob.domain import target
from korob.domain.target import BadTarget


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example/hooks",
        "https://shop.example:8443/hooks?key=1",
        "https://8.8.8.8/hooks",
        "https://[2a02:6b8::1]/hooks",
    ],
)
def test_links_into_the_open_network(url):
    assert target.checked(url, any_address=False) == url


@pytest.mark.parametrize(
    "url",
    [
        "http://shop.example/hooks",
        "ftp://shop.example/hooks",
        "shop.example/hooks",
        "https:///hooks",
        "https://shop.example:0/hooks",
        "https://shop.example:99999/hooks",
        "https://me:secret@shop.example/hooks",
        "https://shop.example/hooks#top",
        "https://shop.example/ho oks",
        "https://лавка.example/hooks",
        "https://shop.example/" + "x" * 2000,
        "https://localhost/hooks",
        "https://LOCALHOST./hooks",
        "https://db/hooks",
        "https://printer.local/hooks",
        "https://127.0.0.1/hooks",
        "https://127.1/hooks",
        "https://2130706433/hooks",
        "https://0x7f000001/hooks",
        "https://0.0.0.0/hooks",
        "https://10.1.2.3/hooks",
        "https://172.16.0.1/hooks",
        "https://192.168.1.1/hooks",
        "https://169.254.169.254/latest/meta-data",
        "https://100.64.0.1/hooks",
        "https://224.0.0.1/hooks",
        "https://255.255.255.255/hooks",
        "https://[::1]/hooks",
        "https://[::]/hooks",
        "https://[fe80::1]/hooks",
        "https://[fd00::1]/hooks",
        "https://[::ffff:127.0.0.1]/hooks",
        "https://[64:ff9b::10.0.0.1]/hooks",
        "https://[2002:7f00:1::]/hooks",
        "https://[::127.0.0.1]/hooks",
        "https://[fec0::1]/hooks",
        "https://[3fff::1]/hooks",
    ],
)
def test_links_that_lead_elsewhere_are_refused(url):
    with pytest.raises(BadTarget):
        target.checked(url, any_address=False)


@pytest.mark.parametrize("url", ["http://localhost:3000/hooks", "http://192.168.1.7/", "https://shop", "http://[::1]/"])
def test_in_a_world_any_address_will_do(url):
    assert target.checked(url, any_address=True) == url


@pytest.mark.parametrize(
    "url", ["ftp://localhost", "localhost:3000", "http://", "http://a:b@localhost/", "http://x/#y"]
)
def test_in_a_world_it_is_still_a_link(url):
    with pytest.raises(BadTarget):
        target.checked(url, any_address=True)


@pytest.mark.parametrize(
    ("url", "endpoint"),
    [
        ("https://shop.example", "https://shop.example/notification"),
        ("https://shop.example/", "https://shop.example/notification"),
        ("https://shop.example/hooks", "https://shop.example/hooks/notification"),
        ("https://shop.example/hooks/", "https://shop.example/hooks/notification"),
        ("https://shop.example/hooks?key=a%20b", "https://shop.example/hooks/notification?key=a%20b"),
    ],
)
def test_notification_is_put_behind_the_path(url, endpoint):
    assert target.endpoint(url) == endpoint

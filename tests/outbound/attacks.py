"""Addresses that must lead nowhere, and names that change where they lead: what every feature that leaves has to meet."""

from tests.outbound.lab import HERE, PUBLIC, Names

# Each is this machine, its network or its cloud, in a form that some program takes for it.
HOSTS = [
    "127.0.0.1", "127.1", "2130706433", "017700000001", "0177.0.0.1", "0x7f000001", "0x7f.1", "127.0.0.1.", "127。0。0。1",
    "１２７.0.0.1", "①②⑦.⓪.⓪.①", "127%2e0%2e0%2e1", "0", "0.0.0.0", "localhost", "LOCALHOST.", "a.localhost", "ⓛocalhost",
    "10.0.0.1", "012.0.0.1", "167772161", "172.16.0.1", "192.168.1.1", "3232235777", "100.64.0.1", "169.254.169.254",
    "2852039166", "0xa9fea9fe", "169.254.43518", "100.100.100.200", "168.63.129.16", "224.0.0.1", "255.255.255.255", "[::1]",
    "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[::ffff:169.254.169.254]",
    "[64:ff9b::127.0.0.1]", "[64:ff9b::a9fe:a9fe]", "[2002:7f00:1::]", "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
    "[fd00:ec2::254]", "[fe80::1]", "[fe80::1%25eth0]", "[::1%25lo]", "[fd12:3456::1]", "[ff02::1]",
    "[2606:4700::5efe:10.0.0.1]", "inside.example", "inside.example.", "mixed.example", "INSIDE.example", "ｉnside.example",
]  # fmt: skip
# What is no address of a web server, or hides which one it is.
ODD = [
    "file:///etc/passwd", "gopher://127.0.0.1:{port}/_x", "ftp://127.0.0.1:{port}/x", "data:text/plain,a", "dict://127.0.0.1:{port}/",
    "unix:///var/run/docker.sock", "http+unix://%2Fvar%2Frun%2Fdocker.sock/x", "http://%2Fvar%2Frun%2Fdocker.sock/x",
    "http://public.example@127.0.0.1:{port}/x", "http://127.0.0.1:{port}@public.example/x", "http://a:b@public.example/x",
    "http://public.example\\@127.0.0.1:{port}/x", "http://[::1", "http://::1:{port}/", "http://public.example:6379/x",
    "http://public.example:22/x", "http://1.2.3.4.5/x", "http://256.1.1.1/x", "http://public.example%00.example/x",
    "http://public%2f.example/x", "http://exa\u202emple.example/x", "http://93.184.55054:{port}/x", "//127.0.0.1:{port}/x",
    "http:127.0.0.1:{port}/x", "http:///127.0.0.1:{port}/x",
]  # fmt: skip


def addresses(port: int) -> list[str]:
    """All of them, at the port where something listens."""
    spelled = [f"http://{host}:{port}/x.png" for host in HOSTS]
    return spelled + [one.replace("{port}", str(port)) for one in ODD]


def names() -> Names:
    """`inside` leads within, `mixed` also within, `rebind` outside first and then here, `hop` here as the operator permits."""
    return Names(
        inside_example=[["10.11.12.13"]],
        mixed_example=[[PUBLIC, "2606:4700::1", HERE]],
        rebind_example=[[PUBLIC], [HERE]],
        hop_example=[[HERE]],
        public_example=[[PUBLIC]],
    )


# Where a server that may be reached sends those who ask.
ELSEWHERE = [
    "http://169.254.169.254/latest/meta-data/", "http://127.0.0.1:{port}/secret", "http://2130706433:{port}/secret",
    "//127.0.0.1:{port}/secret", "http://[::ffff:127.0.0.1]:{port}/secret", "http://inside.example/secret",
    "file:///etc/passwd", "gopher://127.0.0.1:{port}/_x", "http://hop.example@127.0.0.1:{port}/secret",
]  # fmt: skip

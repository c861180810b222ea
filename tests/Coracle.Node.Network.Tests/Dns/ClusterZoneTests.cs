using System.Collections.Immutable;
using System.Net;
using Coracle.Node.Dns;
using Coracle.Node.Network.Tests.Support;
using static Coracle.Node.Network.Tests.Support.Specs;

namespace Coracle.Node.Network.Tests.Dns;

/// <summary>Questions and answers, after the Kubernetes DNS specification and CoreDNS.</summary>
public sealed class ClusterZoneTests
{
    private static readonly NetworkSnapshot Snapshot = (NetworkSnapshot.Empty with { Namespaces = ["default", "empty", "kube-system"], IsComplete = true })
        .WithService(Service("web", "10.96.0.7", Tcp(80, name: "http"), Udp(81, name: "stats"), Tcp(82)))
        .WithSlice(Slice("web", 8080, Endpoint("10.244.0.5")))
        .WithService(Service("dual", "10.96.0.8,fd00::8"))
        .WithService(Service("db", "", Tcp(5432, name: "pg")) with { IsHeadless = true })
        .WithSlice(Slice("db", [TcpPort(5433, "pg")],
            Endpoint("10.244.0.1") with { Hostname = "db-0" },
            Endpoint("10.244.0.2") with { Hostname = "db-1" },
            Endpoint("10.244.0.3"),
            Endpoint("10.244.0.4") with { Hostname = "db-2", Ready = false }))
        .WithService(Service("early", "", Tcp(5432, name: "pg")) with { IsHeadless = true, PublishNotReadyAddresses = true })
        .WithSlice(Slice("early", [TcpPort(5433, "pg")], Endpoint("10.244.0.9") with { Hostname = "early-0", Ready = false }))
        .WithService(Service("portless", "") with { IsHeadless = true, Ports = [] })
        .WithSlice(Slice("portless", [], Endpoint("10.244.0.6"), Endpoint("fd00:1::6")))
        .WithService(Service("idle", "") with { IsHeadless = true })
        .WithService(Service("out", "") with { Type = ServiceType.ExternalName, ExternalName = "www.example.com" })
        .WithService(Service("numeric", "") with { Type = ServiceType.ExternalName, ExternalName = "192.0.2.1" });

    private static readonly ClusterZone Zone =
        new(new ZoneOptions { NameServers = [IPAddress.Parse("10.96.0.10")] }, Snapshot, serial: 42);

    private static ZoneAnswer? Ask(string name, DnsType type) => Zone.Answer(new DnsQuestion(DnsName.Parse(name), type));

    [Theory]
    // A service by its cluster IP.
    [InlineData("web.default.svc.cluster.local", DnsType.A, "10.96.0.7")]
    [InlineData("WEB.Default.SVC.cluster.LOCAL", DnsType.A, "10.96.0.7")]
    [InlineData("_http._tcp.web.default.svc.cluster.local", DnsType.A, "10.96.0.7")]
    [InlineData("web.default.svc.cluster.local", DnsType.AAAA, "-")]
    [InlineData("web.default.svc.cluster.local", DnsType.TXT, "-")]
    [InlineData("web.default.svc.cluster.local", DnsType.ANY, "-")]
    [InlineData("dual.default.svc.cluster.local", DnsType.A, "10.96.0.8")]
    [InlineData("dual.default.svc.cluster.local", DnsType.AAAA, "fd00::8")]
    [InlineData("10-244-0-5.web.default.svc.cluster.local", DnsType.A, "10.244.0.5")]
    [InlineData("10-244-0-6.web.default.svc.cluster.local", DnsType.A, "NXDOMAIN")]
    // A headless service by its ready endpoints.
    [InlineData("db.default.svc.cluster.local", DnsType.A, "10.244.0.1 10.244.0.2 10.244.0.3")]
    [InlineData("db.default.svc.cluster.local", DnsType.AAAA, "-")]
    [InlineData("db-0.db.default.svc.cluster.local", DnsType.A, "10.244.0.1")]
    [InlineData("10-244-0-3.db.default.svc.cluster.local", DnsType.A, "10.244.0.3")]
    [InlineData("10-244-0-1.db.default.svc.cluster.local", DnsType.A, "NXDOMAIN")]
    [InlineData("db-2.db.default.svc.cluster.local", DnsType.A, "NXDOMAIN")]
    [InlineData("early.default.svc.cluster.local", DnsType.A, "10.244.0.9")]
    [InlineData("early-0.early.default.svc.cluster.local", DnsType.A, "10.244.0.9")]
    [InlineData("portless.default.svc.cluster.local", DnsType.A, "10.244.0.6")]
    [InlineData("portless.default.svc.cluster.local", DnsType.AAAA, "fd00:1::6")]
    [InlineData("fd00-1--6.portless.default.svc.cluster.local", DnsType.AAAA, "fd00:1::6")]
    [InlineData("idle.default.svc.cluster.local", DnsType.A, "NXDOMAIN")]
    // Pods by address.
    [InlineData("1-2-3-4.default.pod.cluster.local", DnsType.A, "1.2.3.4")]
    [InlineData("1-2-3-4.default.pod.cluster.local", DnsType.AAAA, "-")]
    [InlineData("fd00--7.default.pod.cluster.local", DnsType.AAAA, "fd00::7")]
    [InlineData("1-2-3-400.default.pod.cluster.local", DnsType.A, "NXDOMAIN")]
    [InlineData("name.default.pod.cluster.local", DnsType.A, "NXDOMAIN")]
    [InlineData("1-2-3-4.nowhere.pod.cluster.local", DnsType.A, "NXDOMAIN")]
    [InlineData("x.1-2-3-4.default.pod.cluster.local", DnsType.A, "NXDOMAIN")]
    // Names between.
    [InlineData("cluster.local", DnsType.A, "-")]
    [InlineData("svc.cluster.local", DnsType.A, "-")]
    [InlineData("pod.cluster.local", DnsType.A, "-")]
    [InlineData("default.svc.cluster.local", DnsType.A, "-")]
    [InlineData("empty.svc.cluster.local", DnsType.A, "-")]
    [InlineData("nowhere.svc.cluster.local", DnsType.A, "NXDOMAIN")]
    [InlineData("_tcp.web.default.svc.cluster.local", DnsType.SRV, "-")]
    [InlineData("_sctp.web.default.svc.cluster.local", DnsType.SRV, "NXDOMAIN")]
    [InlineData("ns.dns.cluster.local", DnsType.A, "10.96.0.10")]
    // What a search list makes of names that are not the cluster's.
    [InlineData("web.svc.cluster.local", DnsType.A, "NXDOMAIN")]
    [InlineData("web.cluster.local", DnsType.A, "NXDOMAIN")]
    [InlineData("www.example.com.default.svc.cluster.local", DnsType.A, "NXDOMAIN")]
    [InlineData("www.example.com.cluster.local", DnsType.A, "NXDOMAIN")]
    [InlineData("gone.default.svc.cluster.local", DnsType.A, "NXDOMAIN")]
    [InlineData("numeric.default.svc.cluster.local", DnsType.A, "NXDOMAIN")]
    [InlineData("x.out.default.svc.cluster.local", DnsType.A, "NXDOMAIN")]
    public void Addresses(string name, DnsType type, string expected)
    {
        var answer = Ask(name, type)!;

        var actual = answer.Code == DnsCode.NXDomain ? "NXDOMAIN"
            : answer.Answers.IsEmpty ? "-"
            : string.Join(' ', answer.Answers.Select(r => r.IPAddress));
        Assert.Equal(expected, actual);
        Assert.All(answer.Answers, r => Assert.Equal((5u, type), (r.Ttl, r.Type)));
        if (answer.Answers.IsEmpty)
        {
            var soa = Assert.Single(answer.Authority);
            Assert.Equal((DnsType.SOA, "cluster.local.", 5u), (soa.Type, soa.Name.ToString(), soa.Ttl));
        }
    }

    [Theory]
    [InlineData("_http._tcp.web.default.svc.cluster.local", "0 100 80 web.default.svc.cluster.local.", "10.96.0.7")]
    [InlineData("_stats._udp.web.default.svc.cluster.local", "0 100 81 web.default.svc.cluster.local.", "10.96.0.7")]
    [InlineData("_http._udp.web.default.svc.cluster.local", "NXDOMAIN", "")]
    [InlineData(
        "web.default.svc.cluster.local",
        "0 33 80 web.default.svc.cluster.local. | 0 33 81 web.default.svc.cluster.local. | 0 33 82 web.default.svc.cluster.local.",
        "10.96.0.7")]
    [InlineData(
        "_pg._tcp.db.default.svc.cluster.local",
        "0 33 5433 db-0.db.default.svc.cluster.local. | 0 33 5433 db-1.db.default.svc.cluster.local. | 0 33 5433 10-244-0-3.db.default.svc.cluster.local.",
        "10.244.0.1 10.244.0.2 10.244.0.3")]
    [InlineData("db-0.db.default.svc.cluster.local", "0 100 5433 db-0.db.default.svc.cluster.local.", "10.244.0.1")]
    [InlineData("portless.default.svc.cluster.local", "-", "")]
    public void Service_records(string name, string expected, string additional)
    {
        var answer = Ask(name, DnsType.SRV)!;

        var actual = answer.Code == DnsCode.NXDomain ? "NXDOMAIN"
            : answer.Answers.IsEmpty ? "-"
            : string.Join(" | ", answer.Answers.Select(Srv));
        Assert.Equal(expected, actual);
        Assert.Equal(additional, string.Join(' ', answer.Additional.Select(r => r.IPAddress)));
    }

    private static string Srv(DnsRecord record)
    {
        var numbers = record.Data.FirstBytes.Span;
        return $"{(numbers[0] << 8) | numbers[1]} {(numbers[2] << 8) | numbers[3]} {(numbers[4] << 8) | numbers[5]} {record.Data.FirstName}";
    }

    [Theory]
    [InlineData("7.0.96.10.in-addr.arpa", "web.default.svc.cluster.local.")]
    [InlineData("1.0.244.10.in-addr.arpa", "db-0.db.default.svc.cluster.local.")]
    [InlineData("3.0.244.10.in-addr.arpa", "10-244-0-3.db.default.svc.cluster.local.")]
    [InlineData("5.0.244.10.in-addr.arpa", "10-244-0-5.web.default.svc.cluster.local.")]
    [InlineData("8.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa", "dual.default.svc.cluster.local.")]
    public void Addresses_lead_back_to_names(string name, string expected) =>
        Assert.Equal(expected, Assert.Single(Ask(name, DnsType.PTR)!.Answers).Data.FirstName!.ToString());

    [Theory]
    [InlineData("4.0.244.10.in-addr.arpa")] // not ready
    [InlineData("99.0.244.10.in-addr.arpa")]
    [InlineData("244.10.in-addr.arpa")]
    [InlineData("07.0.96.10.in-addr.arpa")]
    [InlineData("www.example.com")]
    [InlineData("local")]
    [InlineData(".")]
    public void What_is_not_the_clusters_is_left_to_others(string name) => Assert.Null(Ask(name, DnsType.PTR));

    [Fact]
    public void An_ExternalName_is_an_alias_to_go_on_with()
    {
        var answer = Ask("out.default.svc.cluster.local", DnsType.A)!;

        Assert.Equal(DnsType.CNAME, Assert.Single(answer.Answers).Type);
        Assert.Equal(DnsName.Parse("www.example.com"), answer.Alias);
        Assert.Null(Ask("out.default.svc.cluster.local", DnsType.CNAME)!.Alias);
    }

    [Fact]
    public void The_domain_itself_has_a_start_of_authority_and_a_name_server()
    {
        var soa = Assert.Single(Ask("cluster.local", DnsType.SOA)!.Answers);
        Assert.Equal("ns.dns.cluster.local.", soa.Data.FirstName!.ToString());
        Assert.Equal("0000002a" + "00001c20" + "00000708" + "00015180" + "00000005", Convert.ToHexStringLower(soa.Data.LastBytes.Span));

        var ns = Ask("cluster.local", DnsType.NS)!;
        Assert.Equal("ns.dns.cluster.local.", Assert.Single(ns.Answers).Data.FirstName!.ToString());
        Assert.Equal("10.96.0.10", Assert.Single(ns.Additional).IPAddress!.ToString());
    }

    [Fact]
    public void The_version_of_the_specification_can_be_asked_for()
    {
        var txt = Assert.Single(Ask("dns-version.cluster.local", DnsType.TXT)!.Answers);

        Assert.Equal("\u00051.1.0"u8.ToArray(), txt.Data.FirstBytes.ToArray());
        Assert.Equal(28800u, txt.Ttl);
    }

    [Fact]
    public void An_address_of_several_services_has_all_their_names()
    {
        var zone = new ClusterZone(new ZoneOptions(), Snapshot.WithSlice(Slice("idle", [], Endpoint("10.244.0.1") with { Hostname = "x" })), 1);

        var answer = zone.Answer(new DnsQuestion(DnsName.Parse("1.0.244.10.in-addr.arpa"), DnsType.PTR))!;

        Assert.Equal(["db-0.db.default.svc.cluster.local.", "x.idle.default.svc.cluster.local."], answer.Answers.Select(r => r.Data.FirstName!.ToString()));
    }

    [Fact]
    public void Without_a_list_of_namespaces_every_namespace_is_taken_to_exist()
    {
        var zone = new ClusterZone(new ZoneOptions(), NetworkSnapshot.Empty, 1);

        var answer = zone.Answer(new DnsQuestion(DnsName.Parse("10-0-0-1.any.pod.cluster.local"), DnsType.A))!;

        Assert.Equal("10.0.0.1", Assert.Single(answer.Answers).IPAddress!.ToString());
    }
}

using System.Net;
using Coracle.Node.Network.Tests.Support;
using Coracle.Node.Proxy;
using static Coracle.Node.Network.Tests.Support.Specs;

namespace Coracle.Node.Network.Tests.Proxy;

/// <summary>The text that is loaded, for the main kinds of services. What it does to packets is tested in <c>Kernel/</c>.</summary>
public sealed class RulesTests
{
    private static Fragment Compile(ServiceSpec service, ProxyOptions options, params EndpointSpec[] endpoints) =>
        ServiceRules.Compile(
            NetworkSnapshot.Empty.WithService(service).WithSlice(Slice("web", 8080, endpoints)).Services[service.Key], options);

    /// <summary>Chains and frontends as text, hashes replaced by numbers in order of appearance.</summary>
    private static string Show(Fragment fragment)
    {
        var lines = fragment.Frontends
            .SelectMany(f => ((string?[])[f.Dispatch, f.Refuse, f.Guard]).Zip(["dispatch", "refuse", "guard"])
                .Where(v => v.First is not null)
                .Select(v => $"{v.Second} {f.Id.Key} : {v.First}"))
            .Concat(fragment.AffinitySets.Select(s => $"set {s.Name} {s.TimeoutSeconds}s"))
            .Concat(fragment.Chains.SelectMany(c => c.Rules.Select(r => "  " + r).Prepend(c.Name)));
        var text = string.Join('\n', lines);
        var numbers = new Dictionary<string, int>();
        return System.Text.RegularExpressions.Regex.Replace(
            text, "-([0-9a-f]{20})", m => "-" + (numbers.TryGetValue(m.Value, out var n) ? n : numbers[m.Value] = numbers.Count + 1));
    }

    private static void AssertRules(string expected, Fragment actual) =>
        Assert.Equal(expected.ReplaceLineEndings("\n").Trim(), Show(actual));

    [Fact]
    public void A_cluster_IP_with_three_endpoints() => AssertRules(
        """
        dispatch 10.96.0.7 . tcp . 80 : goto svc-1
        svc-1
          ip daddr 10.96.0.7 tcp dport 80 ip saddr != 10.244.0.0/16 jump mark-for-masquerade
          numgen random mod 3 < 1 goto ep-2
          numgen random mod 2 < 1 goto ep-3
          goto ep-4
        ep-2
          ip saddr 10.244.1.2 jump mark-for-masquerade
          meta l4proto tcp dnat to 10.244.1.2:8080
        ep-3
          ip saddr 10.244.1.3 jump mark-for-masquerade
          meta l4proto tcp dnat to 10.244.1.3:8080
        ep-4
          ip saddr 10.244.2.4 jump mark-for-masquerade
          meta l4proto tcp dnat to 10.244.2.4:8080
        """,
        Compile(Service("web", "10.96.0.7"), Options.Node, Endpoint("10.244.1.3"), Endpoint("10.244.2.4", "other"), Endpoint("10.244.1.2")));

    [Fact]
    public void A_service_without_endpoints() => AssertRules(
        """
        refuse 10.96.0.7 . tcp . 80 : goto refuse
        refuse tcp . 30080 : goto refuse
        """,
        Compile(Service("web", "10.96.0.7", Tcp(80, nodePort: 30080)), Options.Node));

    [Fact]
    public void Everything_external_under_the_policy_Local_with_affinity_and_source_ranges() => AssertRules(
        """
        dispatch 10.96.0.7 . tcp . 80 : goto svc-1
        dispatch 198.51.100.1 . tcp . 80 : goto ext-1
        dispatch 198.51.100.2 . tcp . 80 : goto ext-1
        guard 198.51.100.2 . tcp . 80 : goto guard-1
        dispatch tcp . 30080 : goto ext-1
        set aff-2 60s
        set aff-3 60s
        guard-1
          ip saddr 192.0.2.0/24 return
          ip saddr 198.51.100.2 return
          drop
        ext-1
          ip saddr 10.244.0.0/16 goto svc-1
          fib saddr type local jump mark-for-masquerade
          fib saddr type local goto svc-1
          goto local-1
        svc-1
          ip daddr 10.96.0.7 tcp dport 80 ip saddr != 10.244.0.0/16 jump mark-for-masquerade
          ip saddr @aff-2 goto ep-4
          ip saddr @aff-3 goto ep-5
          numgen random mod 2 < 1 goto ep-4
          goto ep-5
        local-1
          ip saddr @aff-2 goto ep-4
          goto ep-4
        ep-4
          ip saddr 10.244.1.2 jump mark-for-masquerade
          update @aff-2 { ip saddr }
          meta l4proto tcp dnat to 10.244.1.2:8080
        ep-5
          ip saddr 10.244.2.4 jump mark-for-masquerade
          update @aff-3 { ip saddr }
          meta l4proto tcp dnat to 10.244.2.4:8080
        """,
        Compile(
            Service("web", "10.96.0.7", Tcp(80, nodePort: 30080)) with
            {
                ExternalIPs = [IPAddress.Parse("198.51.100.1")],
                LoadBalancerIPs = [IPAddress.Parse("198.51.100.2")],
                LoadBalancerSourceRanges = [IPNetwork.Parse("192.0.2.0/24")],
                ExternalPolicyLocal = true,
                ClientIPAffinity = TimeSpan.FromSeconds(60),
            },
            Options.Node, Endpoint("10.244.1.2"), Endpoint("10.244.2.4", "other")));

    [Fact]
    public void The_same_in_IPv6() => AssertRules(
        """
        dispatch fd00::7 . tcp . 80 : goto svc-1
        svc-1
          ip6 daddr fd00::7 tcp dport 80 ip6 saddr != fd01::/64 jump mark-for-masquerade
          goto ep-2
        ep-2
          ip6 saddr fd01::2 jump mark-for-masquerade
          meta l4proto tcp dnat to [fd01::2]:8080
        """,
        Compile(
            Service("web", "10.96.0.7,fd00::7"),
            Options.Node with { Family = IpFamily.IPv6, ClusterPods = IPNetwork.Parse("fd01::/64"), NodePods = null },
            Endpoint("fd01::2"), Endpoint("10.244.1.2")));

    [Fact]
    public void Many_endpoints_are_chosen_from_by_one_look_up()
    {
        var fragment = Compile(
            Service("web", "10.96.0.7"), Options.Node, [.. Enumerable.Range(1, 20).Select(i => Endpoint($"10.244.1.{i}"))]);

        var chain = fragment.Chains.Single(c => c.Name.StartsWith("svc-", StringComparison.Ordinal));
        Assert.StartsWith("numgen random mod 20 vmap { 0 : goto ep-", chain.Rules[^1]);
        Assert.Equal(2, chain.Rules.Length);
    }

    [Theory]
    [InlineData(ServiceType.ClusterIP, true)]
    [InlineData(ServiceType.ExternalName, false)]
    public void What_has_no_cluster_IP_has_no_rules(ServiceType type, bool headless) =>
        Assert.Same(Fragment.Empty, Compile(Service("web", "") with { Type = type, IsHeadless = headless }, Options.Node, Endpoint("10.244.1.2")));

    [Fact]
    public void A_service_of_the_other_family_has_no_rules() =>
        Assert.Same(Fragment.Empty, Compile(Service("web", "fd00::7"), Options.Node, Endpoint("10.244.1.2")));

    [Fact]
    public void A_very_long_name_still_makes_a_comment_that_nft_accepts()
    {
        var key = new ServiceKey(new string('n', 63), new string('s', 63));
        var fragment = Compile(Service("web", "10.96.0.7") with { Key = key, Ports = [Tcp(80, name: new string('p', 63))] }, Options.Node);

        Assert.All(fragment.Frontends, f => Assert.InRange(f.Comment.Length, 1, 120));
    }

    [Fact]
    public void Instances_have_tables_of_their_own() =>
        Assert.NotEqual(Options.Node.TableName, (Options.Node with { InstanceId = "other" }).TableName);
}

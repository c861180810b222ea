using System.Net;
using Coracle.Node.Network.Tests.Support;
using Coracle.Node.Proxy;
using static Coracle.Node.Network.Tests.Support.Specs;

namespace Coracle.Node.Network.Tests.Proxy;

public sealed class TransactionTests
{
    private static readonly ProxyOptions Node = Options.Node;

    private static Ruleset Rules(NetworkSnapshot snapshot) =>
        snapshot.Services.Aggregate(Ruleset.Empty, (rules, s) => rules.With(s.Key, ServiceRules.Compile(s.Value, Node)));

    /// <summary>The commands without the table's name and with shortened hashes.</summary>
    private static string[] Commands(string script) =>
        [.. System.Text.RegularExpressions.Regex.Replace(script.Replace($"{Node.Table} ", ""), "-([0-9a-f]{20})", "-#")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    private static string[] Between(NetworkSnapshot before, NetworkSnapshot after) =>
        Commands(Transaction.Between(Rules(before), Rules(after), Node).Script);

    private static readonly NetworkSnapshot One = NetworkSnapshot.Empty
        .WithService(Service("web", "10.96.0.7"))
        .WithSlice(Slice("web", 8080, Endpoint("10.244.1.2"), Endpoint("10.244.1.3")));

    [Fact]
    public void What_did_not_change_is_not_touched() => Assert.Empty(Between(One, One.WithService(Service("web", "10.96.0.7"))));

    [Fact]
    public void A_new_endpoint_is_a_new_chain_and_a_new_choice() => Assert.Equal(
        [
            "add chain ep-#",
            "add rule ep-# ip saddr 10.244.1.4 jump mark-for-masquerade",
            "add rule ep-# meta l4proto tcp dnat to 10.244.1.4:8080",
            "flush chain svc-#",
            "add rule svc-# ip daddr 10.96.0.7 tcp dport 80 ip saddr != 10.244.0.0/16 jump mark-for-masquerade",
            "add rule svc-# numgen random mod 3 < 1 goto ep-#",
            "add rule svc-# numgen random mod 2 < 1 goto ep-#",
            "add rule svc-# goto ep-#",
        ],
        Between(One, One.WithSlice(Slice("web", 8080, Endpoint("10.244.1.2"), Endpoint("10.244.1.3"), Endpoint("10.244.1.4")))));

    [Fact]
    public void The_last_endpoint_gone_turns_dispatch_into_refusal() => Assert.Equal(
        [
            "delete element services { 10.96.0.7 . tcp . 80 }",
            "add element refused-services { 10.96.0.7 . tcp . 80 comment \"default/web:\" : goto refuse }",
            "flush chain svc-#",
            "flush chain ep-#",
            "flush chain ep-#",
        ],
        Between(One, One.WithSlice(Slice("web", 8080))));

    [Fact]
    public void A_deleted_service_leaves_nothing_but_chains_to_sweep()
    {
        var change = Transaction.Between(Rules(One), Rules(One.WithoutService(Key("web"))), Node);

        Assert.Equal(
            [
                "delete element cluster-ips { 10.96.0.7 }",
                "delete element services { 10.96.0.7 . tcp . 80 }",
                "flush chain svc-#",
                "flush chain ep-#",
                "flush chain ep-#",
            ],
            Commands(change.Script));
        Assert.Equal(3, change.Abandoned.Length);
        Assert.Equal(3, Commands(Transaction.Sweep(change.Abandoned, Node)).Count(c => c.StartsWith("delete chain ", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_changed_affinity_time_makes_new_sets_and_deletes_the_old_ones_after_their_last_use()
    {
        var sticky = One.WithService(Service("web", "10.96.0.7") with { ClientIPAffinity = TimeSpan.FromSeconds(60) });
        var commands = Between(sticky, One.WithService(Service("web", "10.96.0.7") with { ClientIPAffinity = TimeSpan.FromSeconds(90) }));

        Assert.Equal(2, commands.Count(c => c == "add set aff-# { type ipv4_addr ; flags dynamic,timeout ; timeout 90s ; }"));
        Assert.Equal(2, commands.Count(c => c == "delete set aff-#"));
        Assert.True(Array.LastIndexOf(commands, "flush chain ep-#") < Array.IndexOf(commands, "delete set aff-#"));
        Assert.True(Array.LastIndexOf(commands, "add set aff-# { type ipv4_addr ; flags dynamic,timeout ; timeout 90s ; }") == 1);
    }

    [Fact]
    public void An_address_that_two_services_claim_belongs_to_the_first_until_it_lets_go()
    {
        IPAddress shared = IPAddress.Parse("198.51.100.7");
        var both = NetworkSnapshot.Empty
            .WithService(Service("a", "10.96.0.1") with { ExternalIPs = [shared] }).WithSlice(Slice("a", 8080, Endpoint("10.244.1.2")))
            .WithService(Service("b", "10.96.0.2") with { ExternalIPs = [shared] });

        var full = Commands(Transaction.Full(Rules(both), Node, []).Script);
        Assert.Single(full, c => c.Contains("198.51.100.7 . tcp . 80", StringComparison.Ordinal));
        Assert.Contains("198.51.100.7 . tcp . 80 comment \"default/a:\" : goto ext-#", full.Single(c => c.StartsWith("add element services", StringComparison.Ordinal)));

        var letGo = Between(both, both.WithoutService(Key("a")));
        Assert.Contains("add element refused-services { 198.51.100.7 . tcp . 80 comment \"default/b:\" : goto refuse }", letGo);
        Assert.Empty(Between(both, both.WithService(Service("b", "10.96.0.2") with { ExternalIPs = [shared], ClientIPAffinity = TimeSpan.FromSeconds(1) })));
    }

    [Fact]
    public void A_full_load_of_nothing_is_the_bare_table()
    {
        var options = Node with { PodBridge = "crcl01", BridgePrefix = "crcl", ServiceAddresses = IPNetwork.Parse("10.96.0.0/12") };

        Assert.Equal(
            """
            add table ip T
            delete table ip T
            add table ip T
            add map services { type ipv4_addr . inet_proto . inet_service : verdict ; }
            add map nodeports { type inet_proto . inet_service : verdict ; }
            add map refused-services { type ipv4_addr . inet_proto . inet_service : verdict ; }
            add map refused-nodeports { type inet_proto . inet_service : verdict ; }
            add map guarded-services { type ipv4_addr . inet_proto . inet_service : verdict ; }
            add set cluster-ips { type ipv4_addr ; }
            add chain mark-for-masquerade
            add chain refuse
            add chain dispatch
            add chain refusals
            add chain strays
            add chain guards
            add rule mark-for-masquerade meta mark set meta mark or 0x4000
            add rule refuse reject
            add rule dispatch ip daddr . meta l4proto . th dport vmap @services
            add rule dispatch fib daddr type local ip daddr != 127.0.0.0/8 meta l4proto . th dport vmap @nodeports
            add rule refusals ip daddr . meta l4proto . th dport vmap @refused-services
            add rule refusals fib daddr type local ip daddr != 127.0.0.0/8 meta l4proto . th dport vmap @refused-nodeports
            add rule guards ip daddr . meta l4proto . th dport vmap @guarded-services
            add rule strays ip daddr @cluster-ips reject
            add rule strays ip daddr 10.96.0.0/12 drop
            add chain guard-prerouting { type filter hook prerouting priority -110 ; policy accept ; }
            add rule guard-prerouting iifname "crcl*" iifname != "crcl01" return
            add rule guard-prerouting ct state new jump guards
            add chain guard-output { type filter hook output priority -110 ; policy accept ; }
            add rule guard-output ct state new jump guards
            add chain nat-prerouting { type nat hook prerouting priority -100 ; policy accept ; }
            add rule nat-prerouting iifname "crcl*" iifname != "crcl01" return
            add rule nat-prerouting jump dispatch
            add chain nat-output { type nat hook output priority -100 ; policy accept ; }
            add rule nat-output jump dispatch
            add chain refuse-input { type filter hook input priority 0 ; policy accept ; }
            add rule refuse-input iifname "crcl*" iifname != "crcl01" return
            add rule refuse-input ct state new jump refusals
            add chain refuse-forward { type filter hook forward priority 0 ; policy accept ; }
            add rule refuse-forward iifname "crcl*" iifname != "crcl01" return
            add rule refuse-forward ct state new jump refusals
            add rule refuse-forward ct state new jump strays
            add chain refuse-output { type filter hook output priority 0 ; policy accept ; }
            add rule refuse-output ct state new jump refusals
            add rule refuse-output ct state new jump strays
            add chain masquerade-marked
            add rule masquerade-marked meta mark set meta mark xor 0x4000
            add rule masquerade-marked masquerade fully-random
            add chain nat-postrouting { type nat hook postrouting priority 100 ; policy accept ; }
            add rule nat-postrouting meta mark & 0x4000 != 0 goto masquerade-marked
            add rule nat-postrouting ip saddr 10.244.1.0/24 ip daddr 10.244.0.0/16 return
            add rule nat-postrouting ip saddr 10.244.1.0/24 ip daddr 224.0.0.0/4 return
            add rule nat-postrouting ip saddr 10.244.1.0/24 masquerade fully-random
            """.ReplaceLineEndings("\n").Split('\n'),
            Commands(Transaction.Full(Ruleset.Empty, options, []).Script.Replace($"table {options.Table}", "table ip T")));
    }

    [Fact]
    public void A_full_load_keeps_clients_with_their_endpoints_as_far_as_those_are_still_wanted()
    {
        var rules = Rules(One.WithService(Service("web", "10.96.0.7") with { ClientIPAffinity = TimeSpan.FromSeconds(60) }));
        var set = rules.Fragments[Key("web")].AffinitySets[0].Name;
        var client = IPAddress.Parse("10.244.1.9");

        var script = Transaction.Full(rules, Node, [new(set, client, 42), new(set, client, 0), new("aff-00000000000000000000", client, 42)]).Script;

        Assert.EndsWith($"add element {Node.Table} {set} {{ 10.244.1.9 expires 42s }}\n", script);
        Assert.DoesNotContain("aff-00000000000000000000", script);
    }

    [Fact]
    public void With_node_ports_on_loopback_pods_are_kept_from_the_nodes_loopback_services()
    {
        var script = Commands(Transaction.Full(Ruleset.Empty, Node with { LoopbackNodePorts = true, PodBridge = "crcl01" }, []).Script);

        Assert.Contains("add rule dispatch fib daddr type local meta l4proto . th dport vmap @nodeports", script);
        Assert.Contains("add rule guard-prerouting iifname \"crcl01\" ip daddr 127.0.0.0/8 drop", script);
    }

    [Fact]
    public void Any_way_from_one_state_to_another_ends_at_the_same_rules()
    {
        // A model of the kernel's table plays the transactions; whatever the steps, what it holds is what a full load would hold.
        var random = new Random(20260404);
        for (var round = 0; round < 60; round++)
        {
            var table = new TableModel();
            var snapshot = RandomSnapshot(random);
            var loaded = Rules(snapshot);
            table.Play(Transaction.Full(loaded, Node, []).Script);
            var abandoned = new HashSet<string>();
            for (var step = 0; step < 8; step++)
            {
                var next = Rules(RandomSnapshot(random));
                var change = Transaction.Between(loaded, next, Node);
                table.Play(change.Script);
                abandoned.ExceptWith(change.Adopted);
                abandoned.UnionWith(change.Abandoned);
                if (random.Next(3) == 0)
                {
                    table.Play(Transaction.Sweep(abandoned, Node));
                    abandoned.Clear();
                }

                loaded = next;
            }

            table.Play(Transaction.Sweep(abandoned, Node));
            var fresh = new TableModel();
            fresh.Play(Transaction.Full(loaded, Node, []).Script);
            Assert.Equal(fresh.Describe(), table.Describe());
        }
    }

    private static NetworkSnapshot RandomSnapshot(Random random)
    {
        var snapshot = NetworkSnapshot.Empty;
        for (var s = 0; s < 4; s++)
        {
            if (random.Next(4) == 0)
            {
                continue;
            }

            snapshot = snapshot.WithService(Service($"s{s}", $"10.96.0.{s}", Tcp(80, nodePort: random.Next(3) == 0 ? 30000 + random.Next(2) : 0)) with
            {
                ExternalIPs = random.Next(3) == 0 ? [IPAddress.Parse($"198.51.100.{random.Next(2)}")] : [],
                ClientIPAffinity = random.Next(3) == 0 ? TimeSpan.FromSeconds(60 + random.Next(2)) : null,
                ExternalPolicyLocal = random.Next(2) == 0,
                InternalPolicyLocal = random.Next(4) == 0,
            });
            var endpoints = Enumerable.Range(1, 4).Where(_ => random.Next(2) == 0)
                .Select(e => Endpoint($"10.244.{s}.{e}", random.Next(2) == 0 ? "node" : "other") with { Ready = random.Next(4) != 0 });
            snapshot = snapshot.WithSlice(Slice($"s{s}", 8080, [.. endpoints]));
        }

        return snapshot;
    }
}

using Coracle.Kinds.Core.V1;
using Coracle.Node.Agent.Tests.Support;
using Coracle.Schema;

namespace Coracle.Node.Agent.Tests;

/// <summary>What a container is started with.</summary>
public sealed class EnvironmentTests
{
    private static Dictionary<string, string> Run(AgentFixture node, Container container, Action<Pod>? change = null)
    {
        var pod = Make.Pod(container);
        change?.Invoke(pod);
        node.Run(pod);
        node.UntilReady();
        return node.Runtime.Made[^1].Envs.ToDictionary(e => e.Key, e => e.Value.ToStringUtf8());
    }

    [Fact]
    public void Variables_refer_to_those_before_them_and_what_is_unknown_stays()
    {
        var node = new AgentFixture();
        var main = Make.Container();
        main.Env = [new() { Name = "A", Value = "1" }, new() { Name = "B", Value = "$(A)-$(C)-$$(A)-$A" }, new() { Name = "C", Value = "3" }];
        (main.Command, main.Args) = (["run", "$(B)"], ["$(NONE)", "$$(C)", "$(C)"]);
        var environment = Run(node, main);
        Assert.Equal("1-$(C)-$(A)-$A", environment["B"]);
        Assert.Equal(["run", "1-$(C)-$(A)-$A"], node.Runtime.Made[^1].Command);
        Assert.Equal(["$(NONE)", "$(C)", "3"], node.Runtime.Made[^1].Args);
    }

    [Fact]
    public void Whole_config_maps_and_secrets_come_before_single_variables_and_later_ones_win()
    {
        var node = new AgentFixture();
        node.Create(new ConfigMap { Metadata = new() { Name = "one", Namespace = "default" }, Data = new() { ["X"] = "map", ["Y"] = "map", ["my.key"] = "dotted" } });
        node.Create(new Secret { Metadata = new() { Name = "two", Namespace = "default" }, Data = new() { ["Y"] = "secret"u8.ToArray(), ["Z"] = "secret"u8.ToArray() } });
        var main = Make.Container();
        main.EnvFrom =
        [
            new() { ConfigMapRef = new() { Name = "one" } }, new() { SecretRef = new() { Name = "two" } }, new() { Prefix = "P_", SecretRef = new() { Name = "two" } },
            new() { ConfigMapRef = new() { Name = "none", Optional = true } },
        ];
        main.Env = [new() { Name = "Z", Value = "own, $(X)" }, new() { Name = "W", ValueFrom = new() { SecretKeyRef = new() { Name = "two", Key = "Z" } } },
            new() { Name = "V", ValueFrom = new() { ConfigMapKeyRef = new() { Name = "none", Key = "a", Optional = true } } }];
        var environment = Run(node, main);
        Assert.Equal(("map", "secret", "own, map", "secret", "secret", "dotted"),
            (environment["X"], environment["Y"], environment["Z"], environment["W"], environment["P_Z"], environment["my.key"]));
        Assert.DoesNotContain("V", environment.Keys);
    }

    [Theory]
    [InlineData("one", "b", "couldn't find key b in ConfigMap default/one")]
    [InlineData("none", "b", "configmap \"none\" not found")]
    public void A_variable_whose_source_is_missing_holds_its_container_up(string map, string key, string message)
    {
        var node = new AgentFixture();
        node.Create(new ConfigMap { Metadata = new() { Name = "one", Namespace = "default" }, Data = new() { ["a"] = "1" } });
        var main = Make.Container();
        main.Env = [new() { Name = "A", ValueFrom = new() { ConfigMapKeyRef = new() { Name = map, Key = key } } }];
        node.Run(Make.Pod(main));
        node.Until(() => node.Status("main").State.Waiting?.Reason == "CreateContainerConfigError", "it waits");
        Assert.Equal(message, node.Status("main").State.Waiting!.Message);
    }

    [Fact]
    public void A_container_may_learn_of_its_pod_and_its_resources()
    {
        var node = new AgentFixture();
        EnvVar Field(string name, string path) => new() { Name = name, ValueFrom = new() { FieldRef = new() { FieldPath = path } } };
        EnvVar Resource(string name, string resource, string divisor) => new() { Name = name, ValueFrom = new() { ResourceFieldRef = new() { Resource = resource, Divisor = Quantity.Parse(divisor) } } };
        var main = Make.Container();
        main.Resources = new() { Requests = new() { ["cpu"] = Quantity.Parse("250m") }, Limits = new() { ["memory"] = Quantity.Parse("64Mi") } };
        main.Env =
        [
            Field("NAME", "metadata.name"), Field("NAMESPACE", "metadata.namespace"), Field("IP", "status.podIP"), Field("HOST", "status.hostIP"), Field("NODE", "spec.nodeName"),
            Field("APP", "metadata.labels['app']"), Field("NOTE", "metadata.annotations['none']"),
            Resource("CPU", "requests.cpu", "1m"), Resource("CPUS", "requests.cpu", "1"), Resource("MEMORY", "limits.memory", "1Mi"), Resource("ALL", "limits.cpu", "1"),
        ];
        var environment = Run(node, main);
        Assert.Equal(["web", "default", "10.0.0.1", "192.168.0.1", "n1", "web", "", "250", "1", "64", "4"],
            main.Env.Select(e => environment[e.Name]));
    }

    [Fact]
    public void Resources_and_privileges_are_told_to_the_runtime_as_the_kernel_wants_them()
    {
        var node = new AgentFixture();
        var main = Make.Container();
        main.Resources = new() { Requests = new() { ["cpu"] = Quantity.Parse("500m"), ["memory"] = Quantity.Parse("1Gi") }, Limits = new() { ["cpu"] = Quantity.Parse("1500m"), ["memory"] = Quantity.Parse("2Gi") } };
        main.SecurityContext = new() { RunAsUser = 7, ReadOnlyRootFilesystem = true, AllowPrivilegeEscalation = false, Capabilities = new() { Add = ["NET_ADMIN"], Drop = ["ALL"] } };
        Run(node, main, pod => pod.Spec.SecurityContext = new() { RunAsUser = 5, RunAsGroup = 6, FsGroup = 8, SupplementalGroups = [9] });
        var linux = node.Runtime.Made[^1].Linux;
        Assert.Equal((512, 150_000, 100_000, 2L << 30), (linux.Resources.CpuShares, linux.Resources.CpuQuota, linux.Resources.CpuPeriod, linux.Resources.MemoryLimitInBytes));
        // One of eight gigabytes is asked for: an eighth less likely to be killed than one that asks for nothing.
        Assert.Equal(875, linux.Resources.OomScoreAdj);
        var security = linux.SecurityContext;
        Assert.Equal((7, 6, true, true, false), (security.RunAsUser.Value, security.RunAsGroup.Value, security.ReadonlyRootfs, security.NoNewPrivs, security.Privileged));
        Assert.Equal([8, 9], security.SupplementalGroups);
        Assert.Equal(["NET_ADMIN"], security.Capabilities.AddCapabilities);
        Assert.Equal(["ALL"], security.Capabilities.DropCapabilities);
    }

    [Theory]
    [InlineData(null, null, 1000)]
    [InlineData("1Gi", "1Gi", -997)]
    public void Those_who_promise_nothing_are_killed_first_and_those_who_are_promised_all_last(string? request, string? limit, int score)
    {
        var node = new AgentFixture();
        var main = Make.Container();
        if (request is not null) main.Resources = new()
        {
            Requests = new() { ["cpu"] = Quantity.Parse("1"), ["memory"] = Quantity.Parse(request) }, Limits = new() { ["cpu"] = Quantity.Parse("1"), ["memory"] = Quantity.Parse(limit!) },
        };
        Run(node, main);
        Assert.Equal(score, node.Runtime.Made[^1].Linux.Resources.OomScoreAdj);
    }

    [Fact]
    public void A_sandbox_gets_names_ports_and_a_name_server()
    {
        var node = new AgentFixture();
        var main = Make.Container();
        main.Ports = [new() { ContainerPortValue = 8080, HostPort = 80 }, new() { ContainerPortValue = 9090 }];
        Run(node, main, pod => pod.Spec.Hostname = "named");
        var sandbox = node.Runtime.Sandboxes[0];
        Assert.Equal("named", sandbox.Hostname);
        var port = Assert.Single(sandbox.PortMappings);
        Assert.Equal((80, 8080), (port.HostPort, port.ContainerPort));
        Assert.Equal(["10.96.0.10"], sandbox.DnsConfig.Servers);
        Assert.Equal(["default.svc.cluster.local", "svc.cluster.local", "cluster.local"], sandbox.DnsConfig.Searches);
    }
}

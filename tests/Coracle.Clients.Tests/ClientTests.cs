using Coracle.Kubectl.Tests;

[assembly: AssemblyFixture(typeof(SimulatedCluster))]

namespace Coracle.Clients.Tests;

/// <summary>Scripts as users of Python's client write them. One class a client, so that they run side by side.</summary>
public sealed class PythonTests(SimulatedCluster cluster)
{
    public static IEnumerable<TheoryDataRow<string>> Scripts => ClientScript.Of(ClientTool.Python);

    [Theory, MemberData(nameof(Scripts))]
    public Task Pythons_client_finds_what_it_knows_from_upstream(string script) => ClientScript.Run(cluster, ClientTool.Python, script, TestContext.Current.CancellationToken);
}

public sealed class RubyTests(SimulatedCluster cluster)
{
    public static IEnumerable<TheoryDataRow<string>> Scripts => ClientScript.Of(ClientTool.Ruby);

    [Theory, MemberData(nameof(Scripts))]
    public Task Rubys_client_finds_what_it_knows_from_upstream(string script) => ClientScript.Run(cluster, ClientTool.Ruby, script, TestContext.Current.CancellationToken);
}

public sealed class NodeTests(SimulatedCluster cluster)
{
    public static IEnumerable<TheoryDataRow<string>> Scripts => ClientScript.Of(ClientTool.Node);

    [Theory, MemberData(nameof(Scripts))]
    public Task Nodes_client_finds_what_it_knows_from_upstream(string script) => ClientScript.Run(cluster, ClientTool.Node, script, TestContext.Current.CancellationToken);
}

public sealed class KptTests(SimulatedCluster cluster)
{
    public static IEnumerable<TheoryDataRow<string>> Scripts => ClientScript.Of(ClientTool.Kpt);

    [Theory, MemberData(nameof(Scripts))]
    public Task Kpt_finds_what_it_knows_from_upstream(string script) => ClientScript.Run(cluster, ClientTool.Kpt, script, TestContext.Current.CancellationToken);
}

/// <summary>What needs containers that really run: logs, exec, attach, forwarded ports.</summary>
[Trait("Category", "containerd")]
[Trait("Category", "root")]
public sealed class ContainerTests(ContainerCluster cluster) : IClassFixture<ContainerCluster>
{
    public static IEnumerable<TheoryDataRow<string>> PythonScripts => ClientScript.Of(ClientTool.Python, containers: true);
    public static IEnumerable<TheoryDataRow<string>> RubyScripts => ClientScript.Of(ClientTool.Ruby, containers: true);
    public static IEnumerable<TheoryDataRow<string>> NodeScripts => ClientScript.Of(ClientTool.Node, containers: true);

    [Theory, MemberData(nameof(PythonScripts))]
    public Task Pythons_client_gets_at_containers(string script) => ClientScript.Run(cluster, ClientTool.Python, script, TestContext.Current.CancellationToken);

    [Theory, MemberData(nameof(RubyScripts))]
    public Task Rubys_client_gets_at_containers(string script) => ClientScript.Run(cluster, ClientTool.Ruby, script, TestContext.Current.CancellationToken);

    [Theory, MemberData(nameof(NodeScripts))]
    public Task Nodes_client_gets_at_containers(string script) => ClientScript.Run(cluster, ClientTool.Node, script, TestContext.Current.CancellationToken);
}

namespace Coracle.Kubectl.Tests;

/// <summary>What kubectl prints of the same commands against upstream's v1.36, on simulated nodes. One class a folder, so that they run side by side.</summary>
public sealed class ReadingTranscripts(SimulatedCluster cluster)
{
    [Theory, MemberData(nameof(Transcript.In), "reading", MemberType = typeof(Transcript))]
    public Task Reading_prints_what_upstream_prints(string transcript, string kubectl) => TranscriptRunner.Run(cluster, transcript, kubectl, TestContext.Current.CancellationToken);
}

public sealed class WritingTranscripts(SimulatedCluster cluster)
{
    [Theory, MemberData(nameof(Transcript.In), "writing", MemberType = typeof(Transcript))]
    public Task Writing_prints_what_upstream_prints(string transcript, string kubectl) => TranscriptRunner.Run(cluster, transcript, kubectl, TestContext.Current.CancellationToken);
}

public sealed class WorkloadTranscripts(SimulatedCluster cluster)
{
    [Theory, MemberData(nameof(Transcript.In), "workloads", MemberType = typeof(Transcript))]
    public Task Workloads_behave_and_print_as_upstream(string transcript, string kubectl) => TranscriptRunner.Run(cluster, transcript, kubectl, TestContext.Current.CancellationToken);
}

/// <summary>What makes nodes unusable for others has a cluster of its own.</summary>
public sealed class NodeTranscripts(NodeTranscripts.OwnCluster cluster) : IClassFixture<NodeTranscripts.OwnCluster>
{
    [Theory, MemberData(nameof(Transcript.In), "nodes", MemberType = typeof(Transcript))]
    public Task Nodes_behave_and_print_as_upstream(string transcript, string kubectl) => TranscriptRunner.Run(cluster, transcript, kubectl, TestContext.Current.CancellationToken);

    public sealed class OwnCluster() : Cluster("sim:3");
}

/// <summary>Beside a server of others, whose groups are aggregated.</summary>
public sealed class AggregatedTranscripts(ExtensionCluster cluster) : IClassFixture<ExtensionCluster>
{
    [Theory, MemberData(nameof(Transcript.In), "aggregated", MemberType = typeof(Transcript))]
    public Task Servers_behind_the_API_server_print_what_upstream_prints(string transcript, string kubectl) => TranscriptRunner.Run(cluster, transcript, kubectl, TestContext.Current.CancellationToken);
}

using Coracle.Conformance;

namespace Coracle.Kubectl.Tests;

/// <summary>What kubectl prints where containers really run: streams, restarts, images that are not there, probes.</summary>
[Trait("Category", "containerd")]
[Trait("Category", "root")]
public sealed class ContainerTranscripts(ContainerCluster cluster) : IClassFixture<ContainerCluster>
{
    [Theory, MemberData(nameof(Transcript.In), "containers", MemberType = typeof(Transcript))]
    public Task Containers_behave_and_print_as_upstream(string transcript, string kubectl) => TranscriptRunner.Run(cluster, transcript, kubectl, TestContext.Current.CancellationToken);

    [Fact, Behaviour("Kubectl, logs")]
    public Task Logs_are_retrieved_and_filtered() => Conforms("logs");

    [Fact, Behaviour("Kubectl, guestbook application")]
    public Task The_guestbook_keeps_what_is_written_to_it() => Conforms("guestbook");

    private Task Conforms(string transcript) => TranscriptRunner.Run(cluster, $"conformance/conforms-{transcript}", Kubectl.Usual, TestContext.Current.CancellationToken);
}

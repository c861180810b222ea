using Coracle.Conformance;

namespace Coracle.Kubectl.Tests;

/// <summary>What conformance asks of kubectl and of a server that it is used with, by its transcript.</summary>
public sealed class ConformanceTranscripts(SimulatedCluster cluster)
{
    [Fact, Behaviour("Kubectl, check version v1")]
    public Task V1_is_among_the_versions_of_the_API() => Run("api-versions");

    [Fact, Behaviour("Kubectl, cluster info")]
    public Task Cluster_info_tells_where_the_control_plane_is() => Run("cluster-info");

    [Fact, Behaviour("Kubectl, describe pod or rc")]
    public Task Describe_prints_what_is_relevant_of_pods_and_controllers() => Run("describe");

    [Fact, Behaviour("Kubectl, diff Deployment")]
    public Task Diff_finds_a_difference_of_deployments() => Run("diff");

    [Fact, Behaviour("Kubectl, create service, replication controller")]
    public Task Expose_makes_services_for_controllers_and_services() => Run("expose");

    [Fact, Behaviour("Kubectl, label update")]
    public Task Label_puts_a_label_on_and_takes_it_off() => Run("label");

    [Fact, Behaviour("Kubectl, patch to annotate")]
    public Task Patch_annotates_the_pods_of_a_controller() => Run("patch");

    [Fact, Behaviour("Kubectl, replace")]
    public Task Replace_changes_the_image_of_a_pod() => Run("replace");

    [Fact, Behaviour("Kubectl, run pod")]
    public Task Run_makes_a_pod_from_an_image() => Run("run");

    [Fact, Behaviour("Kubectl, server-side dry-run Pod")]
    public Task A_dry_run_on_the_server_changes_nothing() => Run("dry-run");

    [Fact, Behaviour("Kubectl, version")]
    public Task Version_prints_everything_of_client_and_server() => Run("version");

    [Fact, Behaviour("Kubectl, proxy socket")]
    public Task Proxy_listens_on_a_socket() => Run("proxy-socket");

    [Fact, Behaviour("Kubectl, proxy port zero")]
    public Task Proxy_listens_on_a_port_of_its_choice() => Run("proxy-port");

    [Fact, Behaviour("Kubectl, replication controller")]
    public Task A_replication_controller_is_made_and_stopped() => Run("rc");

    [Fact, Behaviour("Kubectl, scale replication controller")]
    public Task A_replication_controller_is_scaled() => Run("scale");

    private Task Run(string transcript) => TranscriptRunner.Run(cluster, $"conformance/conforms-{transcript}", Kubectl.Usual, TestContext.Current.CancellationToken);
}

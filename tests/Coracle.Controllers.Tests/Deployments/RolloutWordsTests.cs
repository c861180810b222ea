using System.Globalization;
using Coracle.Controllers.Deployments;
using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Tests.Deployments;

/// <summary>What people see of a rollout in `kubectl describe`.</summary>
public sealed class RolloutWordsTests : DeploymentFixture
{
    private async Task<string[]> ToldAsync(string kind) =>
        [.. (await Cluster.ListAsync<Event>()).Where(e => e.InvolvedObject.Kind == kind).OrderBy(e => long.Parse(e.Metadata.ResourceVersion, CultureInfo.InvariantCulture)).Select(e => $"{e.Type} {e.Reason} {e.Message}")];

    [Fact]
    public async Task Every_step_of_a_rollout_is_told()
    {
        await CreateAsync(2, d => d.Spec.Strategy.RollingUpdate = new() { MaxSurge = 1, MaxUnavailable = 0 });
        await CompleteAsync("web:1");
        var first = SetOf("web:1").Metadata.Name;
        await SetImageAsync("web:2");
        await CompleteAsync("web:2");
        var second = SetOf("web:2").Metadata.Name;
        string[] expected =
        [
            $"Normal ScalingReplicaSet Scaled up replica set {first} from 0 to 2",
            $"Normal ScalingReplicaSet Scaled up replica set {second} from 0 to 1",
            $"Normal ScalingReplicaSet Scaled down replica set {first} from 2 to 1",
            $"Normal ScalingReplicaSet Scaled up replica set {second} from 1 to 2",
            $"Normal ScalingReplicaSet Scaled down replica set {first} from 1 to 0",
        ];
        await Cluster.UntilAsync(async () => (await ToldAsync("Deployment")).Length >= expected.Length, "the events");
        Assert.Equal(expected, await ToldAsync("Deployment"));
        await Cluster.UntilAsync(async () => (await ToldAsync("ReplicaSet")).Length >= 6, "the events of the sets");
        Assert.All(Pods(), pod => Assert.Contains($"Normal SuccessfulCreate Created pod: {pod.Metadata.Name}", ToldAsync("ReplicaSet").GetAwaiter().GetResult()));
        Assert.Equal(2, (await ToldAsync("ReplicaSet")).Count(told => told.StartsWith($"Normal SuccessfulDelete Deleted pod: {first}-", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Pausing_and_resuming_is_told_in_the_condition()
    {
        await CreateAsync(1);
        await CompleteAsync("web:1");
        await ChangeAsync(d => d.Spec.Paused = true);
        await Cluster.UntilAsync(() => Reason("Progressing") == Progress.Paused, "the pause");
        Assert.Equal(("Unknown", "Deployment is paused"), (Condition("Progressing")!.Status, Condition("Progressing")!.Message));
        await SetImageAsync("web:2");
        await ChangeAsync(d => d.Spec.Paused = false);
        await CompleteAsync("web:2");
        Assert.Equal("True", Condition("Progressing")!.Status);
    }

    [Fact]
    public async Task Fewer_available_pods_than_there_must_be_are_told_in_the_condition()
    {
        Node.BecomesReady = static pod => !pod.Spec.Containers![0].Image.EndsWith(":2", StringComparison.Ordinal);
        await CreateAsync(4, d => d.Spec.Strategy.RollingUpdate = new() { MaxSurge = 0, MaxUnavailable = 2 });
        await CompleteAsync("web:1");
        await SetImageAsync("web:2");
        await Cluster.UntilAsync(() => Pods("web:2").Count == 2 && Web.Status.UnavailableReplicas == 2, "the rollout to be held up");
        Assert.Equal(("True", "MinimumReplicasAvailable"), (Condition("Available")!.Status, Reason("Available")));
        await Node.SetReadyAsync(Pods("web:1")[0], false);
        await Cluster.UntilAsync(() => Reason("Available") == "MinimumReplicasUnavailable", "the condition");
        Assert.Equal(("False", "Deployment does not have minimum availability."), (Condition("Available")!.Status, Condition("Available")!.Message));
    }

    [Fact]
    public async Task A_rollout_that_is_recreated_is_told_too()
    {
        await CreateAsync(2, d => d.Spec.Strategy = new() { Type = "Recreate" });
        await CompleteAsync("web:1");
        var first = SetOf("web:1").Metadata.Name;
        await SetImageAsync("web:2");
        await CompleteAsync("web:2");
        string[] expected =
        [
            $"Normal ScalingReplicaSet Scaled up replica set {first} from 0 to 2",
            $"Normal ScalingReplicaSet Scaled down replica set {first} from 2 to 0",
            $"Normal ScalingReplicaSet Scaled up replica set {SetOf("web:2").Metadata.Name} from 0 to 2",
        ];
        await Cluster.UntilAsync(async () => (await ToldAsync("Deployment")).Length >= expected.Length, "the events");
        Assert.Equal(expected, await ToldAsync("Deployment"));
    }
}

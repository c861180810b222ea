using Coracle.Kinds.Core.V1;
using Coracle.Sdk;
using Coracle.Tests.Running;

namespace Coracle.Tests;

/// <summary>One cluster for all tests of what runs on it.</summary>
public sealed class SharedCluster : IAsyncLifetime
{
    private TestInstance? _cluster;

    internal TestInstance Cluster
    {
        get
        {
            TestInstance.RequireContainers();
            return _cluster!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        try
        {
            TestInstance.RequireContainers();
        }
        catch (Exception e) when (e.GetType().Name == "SkipException")
        {
            return; // each test says so itself
        }
        _cluster = await TestInstance.WithContainers(TestInstance.Limit());
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
    }

    internal Client Client => Cluster.Client;

    internal async Task<Pod> Run(Pod pod, Func<Pod, bool> until, CancellationToken cancel)
    {
        await Client.CreateAsync(pod, cancel);
        return await Waiting.Pod(Client, pod.Metadata.Name, until, cancel);
    }

    /// <summary>Runs a script to its end, and returns what it left as its last words.</summary>
    internal async Task<Pod> RunToEnd(Pod pod, CancellationToken cancel)
    {
        pod.Spec.RestartPolicy = RestartPolicy.Never;
        return await Run(pod, p => p.Status.Phase is PodPhase.Succeeded or PodPhase.Failed, cancel);
    }

    /// <summary>Waits for an event of a pod.</summary>
    internal Task<IReadOnlyList<Event>> EventOf(string pod, string reason, string message, CancellationToken cancel) => Waiting.Until(
        async () => (await Client.ListAsync<Event>("default", null, cancel)).Items, events => events.Any(e => e.InvolvedObject.Name == pod && e.Reason == reason && e.Message.Contains(message, StringComparison.Ordinal)),
        events => string.Join('\n', events.Where(e => e.InvolvedObject.Name == pod).Select(e => $"{e.Type} {e.Reason}: {e.Message}")), cancel);
}

[CollectionDefinition("cluster")]
public sealed class SharedClusterCollection : ICollectionFixture<SharedCluster>;

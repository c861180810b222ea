using Coracle.Kinds.Core.V1;
using Coracle.Node.Cri;
using Coracle.Node.Pods;
using Coracle.Sdk;

namespace Coracle.Node.Agent;

/// <summary>
/// The agent of one node: registers it, keeps its lease and status, and runs the pods that are assigned to it. Holds no state that a restart would lose:
/// what runs is asked of the runtime, what should run of the API.
/// </summary>
public sealed class NodeAgent
{
    private readonly NodeOptions _options;
    private readonly NodeRegistration _registration;
    private readonly PodWorkers _workers;
    private readonly LogRotation _logs;
    private readonly InformerSet _informers;
    private readonly Informer<Pod> _pods;

    public NodeAgent(NodeOptions options)
    {
        _options = options;
        _informers = new InformerSet(options.Client);
        _pods = _informers.For<Pod>(new CacheScope { FieldSelector = $"spec.nodeName={options.Name}" });
        _registration = new NodeRegistration(options);
        _workers = new PodWorkers(options, _pods);
        _logs = new LogRotation(options, (message, e) => options.Client.Options.Log(new(LogSeverity.Warning, $"node/{options.Name}", message, e)));
        Api = new NodeApi(options, _pods);
    }

    public string Name => _options.Name;

    /// <summary>Logs, exec, attach and port-forward, as the API server asks for them.</summary>
    public NodeApi Api { get; }

    /// <summary>Runs until cancelled. Containers go on running afterwards.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        await _registration.RegisterAsync(cancel);
        _pods.Subscribe(delta => _workers.Changed(delta.Object, gone: delta.Type == DeltaType.Deleted));
        _informers.Start(cancel);
        await _informers.WaitForSyncAsync(cancel);
        await _workers.AdoptAsync(cancel);
        await Waits.All([_registration.RunAsync(cancel), _workers.RunAsync(cancel), FollowRuntime(cancel), _logs.RunAsync(cancel)]);
    }

    private async Task FollowRuntime(CancellationToken cancel)
    {
        await foreach (var change in _options.Runtime.Changes(cancel))
        {
            if (change.Kind == ContainerChangeKind.Resync) _workers.PokeAll();
            else await _workers.RuntimeChanged(change, cancel);
        }
    }
}

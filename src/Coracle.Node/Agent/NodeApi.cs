using Coracle.Kinds.Core.V1;
using Coracle.Node.Pods;
using Coracle.Sdk;

namespace Coracle.Node.Agent;

/// <summary>What the API server asks of a node about its containers: logs, exec, attach and port-forward.</summary>
public sealed class NodeApi
{
    private readonly NodeOptions _options;
    private readonly Informer<Pod> _pods;

    internal NodeApi(NodeOptions options, Informer<Pod> pods, PodWorkers workers) => (_options, _pods, _) = (options, pods, workers);

    /// <summary>A pod of this node by its key; null when it has none of that name.</summary>
    public Pod? Pod(Key key) => _pods.Get(key);

    internal NodeOptions Options => _options;
}

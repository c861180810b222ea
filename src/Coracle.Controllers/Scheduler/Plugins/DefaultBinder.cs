using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Scheduling;

/// <summary>Binds through pods/binding.</summary>
public sealed class DefaultBinder(Client client) : Plugin, IBind
{
    public override string Name => "DefaultBinder";

    public async ValueTask<Verdict> BindAsync(CycleState state, PodInfo pod, string node, CancellationToken cancel)
    {
        var binding = new Binding
        {
            Metadata = new() { Name = pod.Key.Name, Namespace = pod.Key.Namespace, Uid = pod.Uid },
            Target = new() { Kind = "Node", Name = node },
        };
        var bound = await client.For<Pod>().TryCreateSubresourceAsync(pod.Key, "binding", binding, cancel);
        return bound.Ok ? Verdict.Ok : Verdict.Error(bound.Failure.Message);
    }
}

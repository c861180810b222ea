using System.Globalization;
using System.Text.Json.Nodes;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers;

/// <summary>Tells every node how long it may keep what it read, the longer the more nodes there are (upstream: pkg/controller/ttl).</summary>
public sealed class NodeTtlReconciler : IReconciler
{
    public const string Annotation = "node.alpha.kubernetes.io/ttl";

    // Each step begins later on the way up than it ends on the way down, so that nothing swings.
    private static readonly (int SizeMin, int SizeMax, int Seconds)[] Steps = [(0, 100, 0), (90, 500, 15), (450, 1000, 30), (900, 2000, 60), (1800, int.MaxValue, 300)];

    // A cluster that comes up passes one step after the other: its nodes are told once it has grown.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    private readonly Client client;
    private readonly Informer<Node> nodes;
    private readonly Lock gate = new();
    private int step;

    private NodeTtlReconciler(Client client, InformerSet informers) => (this.client, nodes) = (client, informers.For<Node>());

    public static Controller NewController(InformerSet informers)
    {
        var reconciler = new NodeTtlReconciler(informers.Client.As("ttl-controller"), informers);
        return new ControllerBuilder("ttl-controller", informers)
            .For<Node>(static delta => delta.New is { } node && node.Metadata.Annotations?.ContainsKey(Annotation) != true)
            .Source(reconciler.FollowSize)
            .Workers(5)
            .Build(reconciler);
    }

    // Only a step up or down concerns the nodes that have their annotation.
    private void FollowSize(Controller controller) => nodes.Subscribe(delta =>
    {
        if (delta.Type == DeltaType.Updated || !Move()) return;
        foreach (var node in nodes.List()) controller.EnqueueAfter(Key.Of(node), Settling);
    });

    private bool Move()
    {
        lock (gate)
        {
            var before = step;
            step = StepFor(step, nodes.Count);
            return step != before;
        }
    }

    internal static int StepFor(int step, int size)
    {
        while (size > Steps[step].SizeMax) step++;
        while (size < Steps[step].SizeMin) step--;
        return step;
    }

    internal static int Seconds(int step) => Steps[step].Seconds;

    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        if (nodes.Get(key) is not { } node) return Result.Done;
        string wanted;
        lock (gate) wanted = Steps[step].Seconds.ToString(CultureInfo.InvariantCulture);
        if (node.Metadata.Annotations?.GetValueOrDefault(Annotation) == wanted) return Result.Done;
        var patch = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Annotation] = wanted } } };
        var written = await client.TryPatchAsync<Node>(key, Patch.Strategic(patch), null, cancel);
        if (!written.IsNotFound) written.OrThrow();
        return Result.Done;
    }
}

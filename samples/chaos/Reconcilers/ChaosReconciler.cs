using System.Text.Json.Nodes;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;
using Coracle.Samples.Chaos.Kinds;

namespace Coracle.Samples.Chaos.Reconcilers;

/// <summary>
/// Carries out one act of chaos. What it is about to do is written down before it is done (the victims, by uid), so that an end of the process between any two steps neither
/// forgets a mark nor strikes one pod more.
/// </summary>
[Rbac("chaos.coracle.dev", "chaoses", "update")]
[Rbac("", "pods", "patch", "delete")]
[Rbac("", "events", "create", "patch")]
public sealed partial class ChaosReconciler : IReconciler
{
    /// <summary>Holds an act until its marks are gone.</summary>
    public const string Finalizer = "chaos.coracle.dev/marks";

    /// <summary>On pods that are about to be deleted: the act's name.</summary>
    public const string Mark = "chaos.coracle.dev/marked-by";

    private readonly Client client;
    private readonly EventRecorder events;
    private readonly Informer<Kinds.Chaos> acts;
    private readonly Informer<Pod> pods;

    private ChaosReconciler(Client client, InformerSet informers)
    {
        this.client = client;
        events = new(client, "chaos");
        acts = informers.For<Kinds.Chaos>();
        pods = informers.For<Pod>();
    }

    public static IReconciler New(InformerSet informers) => new ChaosReconciler(informers.Client.As("chaos"), informers);
    public static Controller NewController(InformerSet informers) => new ControllerBuilder("chaos", informers).For<Kinds.Chaos>().Reads<Pod>().Workers(2).Build(New(informers));

    /// <summary>1. An act that is to go loses its marks first. 2. Hold it. 3. Choose. 4. Mark. 5. Wait. 6. Strike.</summary>
    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        if (acts.Get(key)?.DeepCopy() is not { } act) return Result.Done;
        if (act.Metadata.DeletionTimestamp is not null) return await ForgetAsync(act, cancel);       // 1
        if (act.Status.Phase == ChaosPhase.Done) return Result.Done;
        if (Finalizers.Add(act, Finalizer)) act = await client.UpdateAsync(act, cancel);              // 2
        if (act.Status.Phase.Length == 0) act = await ChooseAsync(act, cancel);                       // 3
        foreach (var victim in act.Status.Victims ?? []) await MarkAsync(act, victim, cancel);        // 4
        var wait = act.Status.StrikesAt!.Value - client.Time.GetUtcNow();
        if (wait > TimeSpan.Zero) return Result.After(wait);                                          // 5
        await StrikeAsync(act, cancel);                                                               // 6
        return Result.Done;
    }

    private async ValueTask<Kinds.Chaos> ChooseAsync(Kinds.Chaos act, CancellationToken cancel)
    {
        var selector = Selector.From(act.Spec.Selector);
        var candidates = pods.List(act.Metadata.Namespace, selector).Where(p =>
            p.Metadata.DeletionTimestamp is null && p.Status.Phase is not ("Succeeded" or "Failed") && p.Metadata.Annotations?.ContainsKey(Mark) != true);
        act.Status.Victims = [.. Lots.Draw(candidates, p => p.Metadata.Uid, act.Metadata.Uid, act.Spec.Victims ?? 1).Select(p => new Victim { Name = p.Metadata.Name, Uid = p.Metadata.Uid })];
        act.Status.Phase = ChaosPhase.Aiming;
        act.Status.StrikesAt = client.Time.GetUtcNow() + TimeSpan.FromSeconds(act.Spec.DelaySeconds ?? 0);
        return await client.UpdateStatusAsync(act, cancel);
    }

    private async ValueTask MarkAsync(Kinds.Chaos act, Victim victim, CancellationToken cancel)
    {
        if (Find(act, victim) is { } pod && pod.Metadata.Annotations?.GetValueOrDefault(Mark) != act.Metadata.Name) await AnnotateAsync(act, victim, act.Metadata.Name, cancel);
    }

    private Pod? Find(Kinds.Chaos act, Victim victim) => pods.Get(new(act.Metadata.Namespace, victim.Name)) is { } pod && pod.Metadata.Uid == victim.Uid ? pod : null;

    // Null takes the mark away. The uid makes the patch fail where another pod has taken the name: a conflict, as others are, and tried again.
    private async ValueTask AnnotateAsync(Kinds.Chaos act, Victim victim, string? value, CancellationToken cancel)
    {
        var patch = Patch.Merge(new JsonObject { ["metadata"] = new JsonObject { ["uid"] = victim.Uid, ["annotations"] = new JsonObject { [Mark] = value } } });
        var result = await client.TryPatchAsync<Pod>(new(act.Metadata.Namespace, victim.Name), patch, cancel: cancel);
        if (!result.IsNotFound) result.OrThrow();
    }

    private async ValueTask StrikeAsync(Kinds.Chaos act, CancellationToken cancel)
    {
        foreach (var victim in act.Status.Victims ?? [])
            await client.DeleteAsync(new Pod { Metadata = new() { Namespace = act.Metadata.Namespace, Name = victim.Name, Uid = victim.Uid } }, cancel: cancel);
        (act.Status.Phase, act.Status.Struck) = (ChaosPhase.Done, act.Status.Victims?.Count ?? 0);
        await client.UpdateStatusAsync(act, cancel);
        events.Normal(act, "Struck", $"deleted {act.Status.Struck} pods");
    }

    private async ValueTask<Result> ForgetAsync(Kinds.Chaos act, CancellationToken cancel)
    {
        if (!Finalizers.Has(act, Finalizer)) return Result.Done;
        foreach (var victim in act.Status.Victims ?? [])
            if (Find(act, victim) is { } pod && pod.Metadata.Annotations?.GetValueOrDefault(Mark) == act.Metadata.Name) await AnnotateAsync(act, victim, null, cancel);
        Finalizers.Remove(act, Finalizer);
        var released = await client.TryUpdateAsync(act, cancel);
        if (!released.IsNotFound) released.OrThrow();
        return Result.Done;
    }
}

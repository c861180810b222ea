using System.Text.Json.Nodes;
using Coracle.Controllers.Pods;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Resource.V1;
using Coracle.Sdk;
using ResourceClaim = Coracle.Kinds.Resource.V1.ResourceClaim;

namespace Coracle.Controllers.Resources;

/// <summary>
/// Makes the claims that pods' templates ask for, and gives back what pods that have ended held (upstream: pkg/controller/resourceclaim). A key of a pod begins with "pod:", one of a claim with "claim:".
/// </summary>
public sealed class ResourceClaimReconciler : IReconciler
{
    public const string ClaimNameAnnotation = "resource.kubernetes.io/pod-claim-name", Finalizer = "resource.kubernetes.io/delete-protection";
    private const string PodPrefix = "pod:", ClaimPrefix = "claim:";

    private readonly Client client;
    private readonly Informer<Pod> pods;
    private readonly Informer<ResourceClaim> claims;
    private readonly Informer<ResourceClaimTemplate> templates;
    private readonly EventRecorder events;

    private ResourceClaimReconciler(Client client, InformerSet informers)
    {
        this.client = client;
        (pods, claims, templates) = (informers.For<Pod>(), informers.For<ResourceClaim>(), informers.For<ResourceClaimTemplate>());
        events = new(client, "resource_claim");
    }

    public static Controller NewController(InformerSet informers)
    {
        var pods = informers.For<Pod>();
        return new ControllerBuilder("resourceclaim-controller", informers)
            .Watches<Pod>(KeysOf, static delta => delta.Object.Spec.ResourceClaims is { Count: > 0 })
            .Watches<ResourceClaim>(static claim => [ClaimKey(claim.Metadata.Namespace, claim.Metadata.Name), .. OwnerKey(claim)])
            .Watches<ResourceClaimTemplate>(
                template => pods.List(template.Metadata.Namespace).Where(p => p.Spec.ResourceClaims?.Exists(c => c.ResourceClaimTemplateName == template.Metadata.Name) == true).Select(p => PodKey(Key.Of(p))),
                static delta => delta.Type == DeltaType.Added)
            .Workers(10)
            .Build(new ResourceClaimReconciler(informers.Client.As("resource-claim-controller"), informers));
    }

    private static Key PodKey(Key pod) => new(pod.Namespace, PodPrefix + pod.Name);
    private static Key ClaimKey(string ns, string name) => new(ns, ClaimPrefix + name);
    private static IEnumerable<Key> OwnerKey(ResourceClaim claim) => Owners.ControllerOf(claim) is { Kind: "Pod" } owner ? [PodKey(new(claim.Metadata.Namespace, owner.Name))] : [];

    private static IEnumerable<Key> KeysOf(Pod pod)
    {
        yield return PodKey(Key.Of(pod));
        foreach (var claim in pod.Spec.ResourceClaims ?? [])
            if (NameOf(pod, claim) is { } name) yield return ClaimKey(pod.Metadata.Namespace, name);
    }

    private static string? NameOf(Pod pod, PodResourceClaim claim) => claim.ResourceClaimName ?? pod.Status.ResourceClaimStatuses?.Find(s => s.Name == claim.Name)?.ResourceClaimName;

    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        if (key.Name.StartsWith(PodPrefix, StringComparison.Ordinal))
        {
            if (pods.Get(new(key.Namespace, key.Name[PodPrefix.Length..])) is { Metadata.DeletionTimestamp: null } pod && !PodState.IsFinished(pod)) await MakeAsync(pod, cancel);
        }
        else if (claims.Get(new(key.Namespace, key.Name[ClaimPrefix.Length..])) is { } claim) await ReleaseAsync(claim, cancel);
        return Result.Done;
    }

    /// <summary>One claim for each template that the pod names; the pod's status says which it is.</summary>
    private async ValueTask MakeAsync(Pod pod, CancellationToken cancel)
    {
        var made = new JsonArray();
        foreach (var wanted in pod.Spec.ResourceClaims ?? [])
        {
            if (wanted.ResourceClaimTemplateName is not { } template || NameOf(pod, wanted) is { } name && claims.Get(new(pod.Metadata.Namespace, name)) is not null) continue;
            try
            {
                var claim = claims.OwnedBy(pod.Metadata.Uid).FirstOrDefault(c => Owners.IsControlledBy(c, pod) && c.Metadata.Annotations?.GetValueOrDefault(ClaimNameAnnotation) == wanted.Name)
                    ?? await CreateAsync(pod, wanted.Name, template, cancel);
                made.Add((JsonNode)new JsonObject { ["name"] = wanted.Name, ["resourceClaimName"] = claim.Metadata.Name });
            }
            catch (Exception e) when (e is ReconcileException or ApiException { IsNamespaceTerminating: false })
            {
                events.Warning(pod, "FailedResourceClaimCreation", $"PodResourceClaim {wanted.Name}: {e.Message}");
                throw;
            }
        }
        if (made.Count == 0) return;
        var patch = new JsonObject { ["metadata"] = new JsonObject { ["uid"] = pod.Metadata.Uid }, ["status"] = new JsonObject { ["resourceClaimStatuses"] = made } };
        var written = await client.For<Pod>().TryPatchStatusAsync(Key.Of(pod), Patch.Strategic(patch), null, cancel);
        if (!written.IsNotFound) written.OrThrow();
    }

    private async ValueTask<ResourceClaim> CreateAsync(Pod pod, string podClaim, string templateName, CancellationToken cancel)
    {
        var template = templates.Get(new(pod.Metadata.Namespace, templateName)) ?? throw new ReconcileException($"resource claim template \"{templateName}\": resourceclaimtemplate.resource.k8s.io \"{templateName}\" not found");
        return await client.CreateAsync(new ResourceClaim
        {
            Metadata = new()
            {
                GenerateName = $"{pod.Metadata.Name}-{podClaim}-", Namespace = pod.Metadata.Namespace, OwnerReferences = [Owners.ControllerReference(pod)],
                Labels = template.Spec.Metadata.Labels, Annotations = new(template.Spec.Metadata.Annotations ?? []) { [ClaimNameAnnotation] = podClaim },
            },
            Spec = template.Spec.Spec.DeepCopy(),
        }, cancel);
    }

    /// <summary>1. Pods that are gone or have ended hold nothing. 2. What nobody holds and what is going is given back. 3. A claim made for a pod goes with the pod's work.</summary>
    private async ValueTask ReleaseAsync(ResourceClaim claim, CancellationToken cancel)
    {
        var held = claim.Status.ReservedFor ?? [];
        var still = new List<ResourceClaimConsumerReference>();
        foreach (var user in held)
            if (user is not { ApiGroup: "", Resource: "pods" } || await HoldsAsync(claim.Metadata.Namespace, user, cancel)) still.Add(user);
        var owner = Owners.ControllerOf(claim) is { Kind: "Pod" } reference ? pods.Get(new(claim.Metadata.Namespace, reference.Name)) : null;
        var isOver = claim.Metadata.DeletionTimestamp is not null || owner is not null && PodState.IsFinished(owner);
        if (still.Count < held.Count || (still.Count == 0 && claim.Status.Allocation is not null && isOver))
        {
            var released = claim.DeepCopy();
            released.Status.ReservedFor = still.Count == 0 ? null : still;                                       // 1
            if (still.Count == 0 && isOver) released.Status.Allocation = null;                                   // 2
            claim = await client.UpdateStatusAsync(released, cancel);
        }
        if (still.Count == 0 && claim.Status.Allocation is null && Finalizers.IsDue(claim, Finalizer))
        {
            var free = claim.DeepCopy();
            Finalizers.Remove(free, Finalizer);
            var written = await client.TryUpdateAsync(free, cancel);
            if (!written.IsNotFound) written.OrThrow();
        }
        else if (still.Count == 0 && claim.Metadata.DeletionTimestamp is null && owner is not null && PodState.IsFinished(owner)) await client.DeleteAsync(claim, null, cancel); // 3
    }

    // A pod that the cache does not show may be new: before what it holds is taken away, the server is asked.
    private async ValueTask<bool> HoldsAsync(string ns, ResourceClaimConsumerReference user, CancellationToken cancel)
    {
        var pod = pods.Get(new(ns, user.Name)) is { } known && known.Metadata.Uid == user.Uid ? known : await client.TryGetAsync<Pod>(new Key(ns, user.Name), cancel);
        return pod is not null && pod.Metadata.Uid == user.Uid && !PodState.IsFinished(pod) && !(pod.Metadata.DeletionTimestamp is not null && pod.Spec.NodeName.Length == 0);
    }
}

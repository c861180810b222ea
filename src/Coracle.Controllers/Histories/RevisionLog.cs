using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Coracle.Controllers.Deployments;
using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;
using Coracle.Sdk;

namespace Coracle.Controllers.Histories;

/// <summary>
/// The past templates of an owner, each a controller revision: what it is made from now, and what it was made from before (upstream: pkg/controller/history).
/// </summary>
internal sealed class RevisionLog(Client client, InformerSet informers)
{
    /// <summary>The label on revisions that tells equal ones quickly.</summary>
    public const string HashLabel = "controller.kubernetes.io/hash";

    /// <summary>The label on pods that says which revision they were made from.</summary>
    public const string PodLabel = "controller-revision-hash";

    private readonly Pods.OwnedIndex<ControllerRevision> revisions = new(informers.For<ControllerRevision>());

    /// <summary>The owner's revisions, the oldest first; orphans that match are adopted.</summary>
    public async ValueTask<List<ControllerRevision>> ListAsync<TOwner>(TOwner owner, Selector selector, CancellationToken cancel) where TOwner : class, IKind<TOwner>
    {
        var claimed = await OwnedObjects.ClaimAsync(client, owner, selector, revisions.Candidates(owner), cancel);
        return Ordered(claimed);
    }

    public static List<ControllerRevision> Ordered(IEnumerable<ControllerRevision> all) =>
        [.. all.OrderBy(r => r.Revision).ThenBy(r => r.Metadata.CreationTimestamp).ThenBy(r => r.Metadata.Name, StringComparer.Ordinal)];

    public static long Next(IReadOnlyList<ControllerRevision> ordered) => ordered.Count == 0 ? 1 : ordered[^1].Revision + 1;

    /// <summary>The change that makes any state of the owner one with this template: what a revision holds.</summary>
    public static RawJson Data(PodTemplateSpec template)
    {
        var node = (JsonObject)JsonNode.Parse(ApiJson.ToBytes(template))!;
        node.Insert(0, "$patch", "replace");
        return new(Encoding.UTF8.GetBytes(new JsonObject { ["spec"] = new JsonObject { ["template"] = node } }.ToJsonString()));
    }

    /// <summary>The template that a revision holds; null when it holds none.</summary>
    public static PodTemplateSpec? Template(ControllerRevision revision)
    {
        if (revision.Data is not { } data || JsonNode.Parse(data.Utf8.Span) is not JsonObject root || root["spec"]?["template"] is not JsonObject template) return null;
        template.Remove("$patch");
        return ApiJson.Parse<PodTemplateSpec>(Encoding.UTF8.GetBytes(template.ToJsonString()));
    }

    /// <summary>Hash of the data, and of how often the name that follows from it was taken.</summary>
    public static string Hash(RawJson data, int? collisions)
    {
        var hash = 2166136261u;
        void Add(ReadOnlySpan<byte> bytes)
        {
            foreach (var b in bytes) hash = (hash * 16777619) ^ b;
        }
        Add(data.Utf8.Span);
        if (collisions is { } count) Add(Encoding.UTF8.GetBytes(count.ToString(CultureInfo.InvariantCulture)));
        return TemplateHash.Encode(hash.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>"owner-hash", the owner's name cut to what fits.</summary>
    public static string Name(string owner, string hash)
    {
        const int ownerLengthMax = 223;
        return $"{(owner.Length > ownerLengthMax ? owner[..ownerLengthMax] : owner)}-{hash}";
    }

    public static bool HoldsSame(ControllerRevision a, ControllerRevision b) => SameContent(a.Data, b.Data);

    // Field by field: the server may have written it otherwise.
    private static bool SameContent(RawJson? a, RawJson? b) =>
        a is { } x && b is { } y && (x.Equals(y) || JsonNode.DeepEquals(JsonNode.Parse(x.Utf8.Span), JsonNode.Parse(y.Utf8.Span)));

    /// <summary>Stores a revision under the first name that is free or holds the same already. Returns it, and how often a name was taken.</summary>
    public async ValueTask<(ControllerRevision Stored, int Collisions)> CreateAsync(
        IKubernetesObject owner, ControllerRevision wanted, int collisions, Func<int, string> name, CancellationToken cancel)
    {
        while (true)
        {
            wanted = wanted.DeepCopy();
            wanted.Metadata.Namespace = owner.Metadata.Namespace;
            wanted.Metadata.Name = name(collisions);
            var created = await client.TryCreateAsync(wanted, cancel);
            if (!created.IsAlreadyExists) return (created.OrThrow(), collisions);
            var other = await client.TryGetAsync<ControllerRevision>(Key.Of(wanted), cancel);
            if (other is not null && Owners.IsControlledBy(other, owner) && HoldsSame(other, wanted)) return (other, collisions);
            collisions++;
        }
    }

    /// <summary>An old revision becomes the newest again, as a rollback makes it.</summary>
    public async ValueTask<ControllerRevision> RenumberAsync(ControllerRevision revision, long number, CancellationToken cancel)
    {
        if (revision.Revision == number) return revision;
        var changed = revision.DeepCopy();
        changed.Revision = number;
        return await client.UpdateAsync(changed, cancel);
    }

    /// <summary>Deletes the oldest of those that nothing uses, down to the limit.</summary>
    public async ValueTask TruncateAsync(IReadOnlyList<ControllerRevision> unused, int? limit, CancellationToken cancel)
    {
        // A negative limit keeps them all.
        if (limit is not >= 0 || unused.Count <= limit) return;
        foreach (var revision in unused.Take(unused.Count - limit.Value)) await client.DeleteAsync(revision, null, cancel);
    }
}

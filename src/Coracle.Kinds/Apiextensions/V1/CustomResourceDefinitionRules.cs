using System.Text.Json.Nodes;
using Coracle.Kinds.Defaulting;
using Coracle.Schema;

namespace Coracle.Kinds.Apiextensions.V1;

/// <summary>Definitions beyond their schema (apiextensions-apiserver, pkg/registry/customresourcedefinition).</summary>
public sealed partial class CustomResourceDefinitionRules : KindRules<CustomResourceDefinition>
{
    /// <summary>Who deletes the objects before their definition goes.</summary>
    public const string Finalizer = "customresourcecleanup.apiextensions.k8s.io";

    public override void Default(JsonObject obj)
    {
        var spec = obj.ChildOrNew("spec");
        var names = spec.ChildOrNew("names");
        var kind = names.Text("kind");
        if (names.Text("singular").Length == 0 && kind.Length > 0) names["singular"] = kind.ToLowerInvariant();
        if (names.Text("listKind").Length == 0 && kind.Length > 0) names["listKind"] = kind + "List";
        if (spec["conversion"] is null) spec["conversion"] = new JsonObject { ["strategy"] = "None" };
        var status = obj.ChildOrNew("status");
        if (!status.HasAny("storedVersions")) AddStored(spec, status);
    }

    public override void PrepareForCreate(JsonObject obj)
    {
        var status = new JsonObject();
        obj["status"] = status;
        AddStored(obj.ChildOrNew("spec"), status);
    }

    public override void PrepareForUpdate(JsonObject obj, JsonObject old, string subresource)
    {
        if (subresource.Length == 0) AddStored(obj.ChildOrNew("spec"), obj.ChildOrNew("status"));
    }

    /// <summary>The objects are deleted before the definition is.</summary>
    public override void BeginDelete(JsonObject obj)
    {
        var metadata = obj.ChildOrNew("metadata");
        if (metadata["finalizers"] is not JsonArray finalizers) metadata["finalizers"] = finalizers = [];
        if (!finalizers.Any(static f => (string?)f == Finalizer)) finalizers.Add((JsonNode)Finalizer);
        DefinitionConditions.Set(obj, "Terminating", "True", "InstanceDeletionPending",
            "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon", metadata.Text("deletionTimestamp"));
    }

    // The version that is stored from now on joins those in which there may be objects.
    private static void AddStored(JsonObject spec, JsonObject status)
    {
        if (spec.Items("versions").FirstOrDefault(version => version.Flag("storage")) is not { } storage) return;
        var name = storage.Text("name");
        if (status["storedVersions"] is not JsonArray stored) status["storedVersions"] = stored = [];
        if (!stored.Any(known => (string?)known == name)) stored.Add((JsonNode)name);
    }
}

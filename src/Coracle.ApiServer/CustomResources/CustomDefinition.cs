using Coracle.Kinds.Apiextensions.V1;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>
/// A definition as the server uses it: the resources of its served versions, and what is to be done for it. Schemas are compiled from its bytes when an object is
/// first read or written, so that definitions which nobody uses cost next to nothing.
/// </summary>
internal sealed class CustomDefinition
{
    private readonly StoredObject _stored;

    private CustomDefinition(StoredObject stored, CustomResourceDefinition definition)
    {
        _stored = stored;
        Generation = definition.Metadata.Generation;
        Uid = definition.Metadata.Uid;
        Group = definition.Spec.Group;
        Wanted = definition.Spec.Names;
        Names = definition.Status.AcceptedNames;
        IsDeleting = definition.Metadata.DeletionTimestamp is not null;
        IsEstablished = IsTrue("Established");
        IsAccepted = IsTrue("NamesAccepted");
        IsFinalized = definition.Metadata.Finalizers?.Contains(CustomResourceDefinitionRules.Finalizer) != true;
        ApprovalAnnotation = definition.Metadata.Annotations?.GetValueOrDefault(ApiApproval.Annotation) ?? "";
        ApprovalMessage = Condition("KubernetesAPIApprovalPolicyConformant")?.Message;

        CustomResourceDefinitionCondition? Condition(string type) => definition.Status.Conditions?.Find(c => c.Type == type);
        bool IsTrue(string type) => Condition(type)?.Status == "True";
    }

    public StoredObject Stored => _stored;
    public string Uid { get; }
    public string Group { get; }

    /// <summary>The names that it asks for.</summary>
    public CustomResourceDefinitionNames Wanted { get; }

    /// <summary>The names under which it is served.</summary>
    public CustomResourceDefinitionNames Names { get; }
    public bool IsDeleting { get; }
    public bool IsEstablished { get; }
    public bool IsAccepted { get; }

    /// <summary>Nothing is left to be cleaned up.</summary>
    public bool IsFinalized { get; }
    public string ApprovalAnnotation { get; }
    public string? ApprovalMessage { get; }

    /// <summary>The resources of the served versions; none while the names are not accepted.</summary>
    public IReadOnlyList<Resource> Resources { get; private set; } = [];

    /// <summary>The resource in the version that is stored, served or not.</summary>
    public Resource? Storage { get; private set; }

    private long Generation { get; }

    /// <summary>A definition as it now is. What has not changed of it is taken over from before: its schemas are compiled once.</summary>
    public static CustomDefinition Of(StoredObject stored, CustomDefinition? before, Server server)
    {
        var definition = stored.Typed<CustomResourceDefinition>();
        var made = new CustomDefinition(stored, definition);
        if (!made.IsAccepted && !made.IsEstablished) return made;
        if (before is { Storage: not null } && made.ServesAs(before)) (made.Resources, made.Storage) = (before.Resources, before.Storage);
        else made.Serve(definition, server);
        return made;
    }

    private bool ServesAs(CustomDefinition before) =>
        before.Uid == Uid && before.Generation == Generation && before.IsDeleting == IsDeleting && ApiContent.Same(before.Names, Names);

    private void Serve(CustomResourceDefinition definition, Server server)
    {
        var versions = definition.Spec.Versions ?? [];
        var stored = versions.FindIndex(version => version.Storage);
        if (stored < 0) return;
        var kinds = new KindInfo[versions.Count];
        for (var i = 0; i < kinds.Length; i++) kinds[i] = KindOf(definition, versions[i], i);
        var cache = server.Cache.Resource(kinds[stored].GroupResource);
        var converter = definition.Spec.Conversion is { Strategy: "Webhook", Webhook: { } webhook } ? new ConversionWebhook(server, webhook) : null;
        var all = new Resource[kinds.Length];
        for (var i = 0; i < all.Length; i++) all[i] = ResourceOf(kinds[i], i, cache, new CustomVersion(kinds[i], kinds[stored], _stored.Revision, converter));
        Storage = all[stored];
        Resources = [.. all.Where((_, i) => versions[i].Served)];
    }

    // On its own, so that what is made later holds on to nothing but the definition's bytes.
    private Resource ResourceOf(KindInfo kind, int version, ResourceCache cache, CustomVersion custom) => new(kind, cache, custom)
    {
        IsTerminating = IsDeleting, Publication = () => OpenApi.CustomSchemas.KindOf(kind, () => SchemaText(version)),
    };

    private KindInfo KindOf(CustomResourceDefinition definition, CustomResourceDefinitionVersion version, int index)
    {
        var scale = version.Subresources?.Scale;
        var preserve = definition.Spec.PreserveUnknownFields;
        return new()
        {
            Group = Group, Version = version.Name, Kind = Names.Kind, Plural = Names.Plural, Singular = Names.Singular, ListKind = Names.ListKind,
            ShortNames = Names.ShortNames ?? [], Categories = Names.Categories ?? [], Namespaced = definition.Spec.Scope == "Namespaced",
            HasStatus = version.Subresources?.Status is not null, HasScale = scale is not null,
            Scale = scale is null ? null : new(scale.SpecReplicasPath, scale.StatusReplicasPath, scale.LabelSelectorPath is { Length: > 0 } path ? path : null),
            Selectable = version.SelectableFields is not { Count: > 0 } fields ? [] : [.. fields.Select(field => new Schema.SelectableField(field.JsonPath.TrimStart('.'), field.JsonPath.TrimStart('.')))],
            UnconditionalUpdate = false, TracksGeneration = true, ReturnDeleted = false, BuiltIn = false,
            PathColumns = Columns(version), Rules = new CustomRules(Warning(version)),
            SchemaSource = SchemaOf(index, preserve),
        };
    }

    private Func<SchemaNode> SchemaOf(int version, bool preserve) =>
        () => SchemaCompiler.Root(_stored.Typed<CustomResourceDefinition>().Spec.Versions![version].Validation?.OpenAPIV3Schema, preserve);

    private System.Text.Json.Nodes.JsonObject? SchemaText(int version) =>
        _stored.ToTree()["spec"]?["versions"]?[version]?["schema"]?["openAPIV3Schema"] as System.Text.Json.Nodes.JsonObject;

    private string? Warning(CustomResourceDefinitionVersion version) =>
        !version.Deprecated ? null : version.DeprecationWarning ?? $"{Group}/{version.Name} {Names.Kind} is deprecated{Newer(version.Name)}";

    // Upstream names the most preferred version that is served and not deprecated.
    private string Newer(string version)
    {
        var versions = _stored.Typed<CustomResourceDefinition>().Spec.Versions ?? [];
        var newer = versions.Where(v => v is { Served: true, Deprecated: false } && VersionOrder.Instance.Compare(v.Name, version) > 0)
            .OrderByDescending(v => v.Name, VersionOrder.Instance).FirstOrDefault();
        return newer is null ? "" : $"; use {Group}/{newer.Name} {Names.Kind}";
    }

    private static IReadOnlyList<PathColumn> Columns(CustomResourceDefinitionVersion version) => version.AdditionalPrinterColumns is not { Count: > 0 } columns ? Age :
    [
        .. columns.Select(column => new PathColumn(new(column.Name, column.Type, column.Format,
            column.Description.Length > 0 ? column.Description : $"Custom resource definition column (in JSONPath format): {column.JsonPath}", column.Priority), column.JsonPath)),
    ];

    private static readonly PathColumn[] Age = [new(new("Age", "date", "", "When the object was created."), ".metadata.creationTimestamp")];
}

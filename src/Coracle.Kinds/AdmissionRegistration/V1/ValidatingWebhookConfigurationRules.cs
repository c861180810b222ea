using System.Text.Json.Nodes;
using Coracle.Kinds.Defaulting;
using Coracle.Kinds.Printing;
using Coracle.Schema;

namespace Coracle.Kinds.AdmissionRegistration.V1;

/// <summary>Configurations of validating webhooks beyond their schema.</summary>
public sealed class ValidatingWebhookConfigurationRules : KindRules<ValidatingWebhookConfiguration>
{
    public override void Default(JsonObject obj) => AdmissionDefaults.Webhooks(obj);

    public override void Validate(ValidatingWebhookConfiguration obj, FieldErrors errors) => WebhookValidation.Check(Parts(obj), WebhookLeniency.None, errors);

    public override void ValidateUpdate(ValidatingWebhookConfiguration obj, ValidatingWebhookConfiguration old, string subresource, FieldErrors errors) =>
        WebhookValidation.Check(Parts(obj), WebhookValidation.Of(Parts(old), Parts(obj)), errors);

    private static List<WebhookParts> Parts(ValidatingWebhookConfiguration obj) => (obj.Webhooks ?? []).ConvertAll(w => new WebhookParts(
        w.Name, w.ClientConfig, w.Rules, w.FailurePolicy, w.MatchPolicy, w.NamespaceSelector, w.ObjectSelector, w.SideEffects, w.TimeoutSeconds, w.AdmissionReviewVersions,
        w.MatchConditions, null));

    public override IReadOnlyList<TableColumn> Columns { get; } =
        [CommonColumns.Name, CommonColumns.Number("Webhooks", "Webhooks in this configuration."), CommonColumns.Age];

    public override IReadOnlyList<object?> Cells(ValidatingWebhookConfiguration obj, DateTimeOffset now) =>
        [obj.Metadata.Name, (long)(obj.Webhooks?.Count ?? 0), Cell.Age(obj.Metadata, now)];
}

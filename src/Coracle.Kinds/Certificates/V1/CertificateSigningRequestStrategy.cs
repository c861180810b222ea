using System.Text.Json.Nodes;
using Coracle.Kinds.Defaulting;

namespace Coracle.Kinds.Certificates.V1;

/// <summary>
/// What each way to write a request keeps (upstream: registry/certificates/certificates): the object itself its spec and status, "status" the decisions,
/// "approval" the certificate.
/// </summary>
public sealed partial class CertificateSigningRequestRules
{
    public override void PrepareForUpdate(JsonObject obj, JsonObject old, string subresource)
    {
        if (subresource is "" or "approval") obj["spec"] = old["spec"]?.DeepClone();
        if (subresource == "approval")
        {
            var status = obj.ChildOrNew("status");
            status.Remove("certificate");
            if (old.Child("status")?["certificate"] is { } certificate) status["certificate"] = certificate.DeepClone();
        }
        if (subresource != "status") return;
        KeepDecision(obj, old, RequestConditionType.Approved);
        KeepDecision(obj, old, RequestConditionType.Denied);
    }

    // Validation says it when there are more or fewer of them than before.
    private static void KeepDecision(JsonObject obj, JsonObject old, string type)
    {
        if (obj.Child("status")?["conditions"] is not JsonArray conditions) return;
        var before = old.Child("status").Items("conditions").Where(c => c.Text("type") == type).ToList();
        var places = Enumerable.Range(0, conditions.Count).Where(i => (conditions[i] as JsonObject).Text("type") == type).ToList();
        if (places.Count != before.Count) return;
        for (var i = 0; i < places.Count; i++) conditions[places[i]] = before[i].DeepClone();
    }
}

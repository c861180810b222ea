using System.Security.Cryptography.X509Certificates;
using System.Text;
using Coracle.Kinds.Meta.V1;
using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Certificates.V1;

/// <summary>Requests, decisions and certificates (upstream: apis/certificates/validation).</summary>
public sealed partial class CertificateSigningRequestRules
{
    private const string LegacySigner = "kubernetes.io/legacy-unknown";
    private const int SecondsMin = 600;
    private static readonly FieldPath SpecPath = FieldPath.Of("spec");
    private static readonly FieldPath StatusPath = FieldPath.Of("status");
    private static readonly string[] Decisions = [RequestConditionType.Approved, RequestConditionType.Denied];

    private static readonly string[] Usages =
    [
        "any", "cert sign", "client auth", "code signing", "content commitment", "crl sign", "data encipherment", "decipher only", "digital signature",
        "email protection", "encipher only", "ipsec end system", "ipsec tunnel", "ipsec user", "key agreement", "key encipherment", "microsoft sgc",
        "netscape sgc", "ocsp signing", "s/mime", "server auth", "signing", "timestamping",
    ];

    public override void Validate(CertificateSigningRequest obj, FieldErrors errors) => Whole(obj, null, errors);

    public override void ValidateUpdate(CertificateSigningRequest obj, CertificateSigningRequest old, string subresource, FieldErrors errors)
    {
        Whole(obj, old, errors);
        foreach (var type in (ReadOnlySpan<string>)[RequestConditionType.Approved, RequestConditionType.Denied, RequestConditionType.Failed])
            if (Of(obj, type).Count < Of(old, type).Count) errors.Forbidden(StatusPath / "conditions", $"updates may not remove a condition of type \"{type}\"");
        if (subresource != "approval") SameDecisions(obj, old, errors);
        if (obj.Status.Certificate.AsSpan().SequenceEqual(old.Status.Certificate)) return;
        if (subresource != "status") errors.Forbidden(StatusPath / "certificate", "updates may not set certificate content");
        else if (old.Status.Certificate is { Length: > 0 }) errors.Forbidden(StatusPath / "certificate", "updates may not modify existing certificate content");
    }

    private static void SameDecisions(CertificateSigningRequest obj, CertificateSigningRequest old, FieldErrors errors)
    {
        foreach (var type in Decisions)
        {
            var (now, before) = (Of(obj, type), Of(old, type));
            if (now.Count > before.Count) errors.Forbidden(StatusPath / "conditions", $"updates may not add a condition of type \"{type}\"");
            else if (now.Count == before.Count && !now.Zip(before).All(pair => pair.First.ContentEquals(pair.Second)))
                errors.Forbidden(StatusPath / "conditions", $"updates may not modify a condition of type \"{type}\"");
        }
    }

    private static List<CertificateSigningRequestCondition> Of(CertificateSigningRequest obj, string type) => [.. (obj.Status.Conditions ?? []).Where(c => c.Type == type)];

    // What was wrong before may stay wrong.
    private static void Whole(CertificateSigningRequest obj, CertificateSigningRequest? old, FieldErrors errors)
    {
        var spec = obj.Spec;
        if (SigningRequest.Problem(spec.Request) is { } problem) errors.Invalid(SpecPath / "request", Convert.ToBase64String(spec.Request ?? []), problem);
        UsagesOf(spec, old?.Spec, errors);
        if (spec.SignerName == LegacySigner && old?.Spec.SignerName != LegacySigner)
            errors.Invalid(SpecPath / "signerName", spec.SignerName, "the legacy signerName is not allowed via this API version");
        else SignerName.Check(errors, SpecPath / "signerName", spec.SignerName);
        if (spec.ExpirationSeconds is < SecondsMin and var seconds)
            errors.Invalid(SpecPath / "expirationSeconds", seconds, "may not specify a duration less than 600 seconds (10 minutes)");
        Conditions(obj, old, errors);
        if (old is not null && (obj.Status.Certificate.AsSpan().SequenceEqual(old.Status.Certificate) || SigningRequest.CertificateProblem(old.Status.Certificate) is not null)) return;
        if (SigningRequest.CertificateProblem(obj.Status.Certificate) is { } wrong) errors.Invalid(StatusPath / "certificate", "<certificate data>", wrong);
    }

    private static void UsagesOf(CertificateSigningRequestSpec spec, CertificateSigningRequestSpec? old, FieldErrors errors)
    {
        var (usages, before, path) = (spec.Usages ?? [], old?.Usages ?? [], SpecPath / "usages");
        if (usages.Count == 0) errors.Required(path);
        if (before.All(Usages.Contains))
            for (var i = 0; i < usages.Count; i++) errors.OneOf(path[i], usages[i], Usages);
        if (before.Distinct(StringComparer.Ordinal).Count() == before.Count)
            for (var i = 0; i < usages.Count; i++)
                if (usages.IndexOf(usages[i]) < i) errors.Duplicate(path[i], usages[i]);
    }

    private static void Conditions(CertificateSigningRequest obj, CertificateSigningRequest? old, FieldErrors errors)
    {
        var (conditions, before, path) = (obj.Status.Conditions ?? [], old?.Status.Conditions ?? [], StatusPath / "conditions");
        var mayBeBoth = Decisions.All(type => before.Any(c => c.Type == type));
        var mayBeEmpty = before.Any(c => c.Type.Length == 0);
        var mayRepeat = before.DistinctBy(c => c.Type).Count() < before.Count;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < conditions.Count; i++)
        {
            var (type, status) = (conditions[i].Type, conditions[i].Status);
            if (!mayBeEmpty) errors.RequiredText(path[i] / "type", type);
            if (status.Length == 0) errors.Required(path[i] / "status");
            else if (type is RequestConditionType.Approved or RequestConditionType.Denied or RequestConditionType.Failed) errors.OneOf(path[i] / "status", status, ConditionStatus.True);
            else errors.OneOf(path[i] / "status", status, ConditionStatus.False, ConditionStatus.True, ConditionStatus.Unknown);
            if (!mayBeBoth && Decisions.Contains(type) && Decisions.Any(other => other != type && seen.Contains(other)))
                errors.Invalid(path, type, "Approved and Denied conditions are mutually exclusive");
            if (!seen.Add(type) && !mayRepeat) errors.Duplicate(path[i] / "type", type);
        }
    }
}

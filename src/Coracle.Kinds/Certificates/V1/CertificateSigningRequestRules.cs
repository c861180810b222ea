using Coracle.Kinds.Printing;
using Coracle.Schema;

namespace Coracle.Kinds.Certificates.V1;

/// <summary>Requests for certificates beyond their schema.</summary>
public sealed partial class CertificateSigningRequestRules : KindRules<CertificateSigningRequest>
{
    /// <summary>Any name will do that fits into a path.</summary>
    public override IReadOnlyList<string> NameProblems(string name, bool isPrefix) => NameRules.PathSegment(name);

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        CommonColumns.Name,
        CommonColumns.Age,
        CommonColumns.Text("SignerName", "Who is to sign."),
        CommonColumns.Text("Requestor", "Who asks."),
        CommonColumns.Text("RequestedDuration", "How long the certificate should be valid."),
        CommonColumns.Text("Condition", "What was decided, and whether there is a certificate."),
    ];

    public override IReadOnlyList<object?> Cells(CertificateSigningRequest obj, DateTimeOffset now) =>
    [
        obj.Metadata.Name,
        Cell.Age(obj.Metadata, now),
        Cell.OrNone(obj.Spec.SignerName),
        obj.Spec.Username,
        obj.Spec.ExpirationSeconds is { } seconds ? HumanDuration.Of(TimeSpan.FromSeconds(seconds)) : "<none>",
        Condition(obj.Status),
    ];

    private static string Condition(CertificateSigningRequestStatus status)
    {
        bool Has(string type) => (status.Conditions ?? []).Any(c => c.Type == type);
        var decision = Has(RequestConditionType.Denied) ? "Denied" : Has(RequestConditionType.Approved) ? "Approved" : "Pending";
        if (Has(RequestConditionType.Failed)) decision += ",Failed";
        return status.Certificate is { Length: > 0 } ? decision + ",Issued" : decision;
    }
}

using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Coracle.ApiServer.Access.Tests")]
[assembly: InternalsVisibleTo("Coracle.ApiServer.Tests")]
[assembly: InternalsVisibleTo("Coracle.Fuzz.Tests")]

using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Coracle.ApiServer.Access.Tests")]
